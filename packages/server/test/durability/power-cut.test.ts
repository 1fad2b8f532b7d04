import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { BlobDigest } from '@boucle/contract';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { type TwinFiles, createTwinFiles, legalStates } from '../../src/platform/files/index.ts';
import { openRecordLog } from '../../src/platform/segments/index.ts';

/** What was answered, and after how many steps. */
const acknowledgements = <T>(twin: TwinFiles) => {
  const list: { at: number; what: T }[] = [];
  return {
    note: (what: T) => list.push({ at: twin.recording.steps.length, what }),
    until: (at: number): T[] => list.filter((ack) => ack.at <= at).map(({ what }) => what),
  };
};

test('after a power cut every acknowledged blob is there, and no blob is damaged', async (context) => {
  const twin = createTwinFiles();
  const acks = acknowledgements<BlobDigest>(twin);
  const blobs = await createBlobs('data/blobs', twin);
  const put = async (bytes: Uint8Array | string): Promise<void> => void acks.note((await blobs.putBytes(bytes)).digest);
  await put('alone');
  await put('');
  await Promise.all(['one', 'two', 'two', 'three', randomBytes(1500)].map(put));
  await assert.rejects(blobs.putBytes('not so', { expected: `blob:${'0'.repeat(64)}` }));
  await put('two');
  const again = await createBlobs('data/blobs', twin);
  acks.note((await again.putBytes('last')).digest);

  let states = 0;
  for (const { at, tree } of legalStates(twin.recording, { perMoment: 64 })) {
    states += 1;
    const after = createTwinFiles(tree);
    const reopened = await createBlobs('data/blobs', after);
    assert.deepEqual(await reopened.missing(acks.until(at)), [], `at step ${at}`);
    for await (const digest of reopened.digests()) assert.ok(await reopened.verify(digest), `${digest} at step ${at}`);
    assert.deepEqual(await after.list('data/blobs/tmp'), []);
  }
  context.diagnostic(`${states} states`);
  assert.ok(states > 3000);
});

test('after a power cut the log has every synced record, nothing that was never appended, and goes on', async (context) => {
  const twin = createTwinFiles();
  const acks = acknowledgements<string>(twin);
  let log = await openRecordLog('data/log', { files: twin, segmentBytes: 700, syncWithinMs: 60_000 });
  const contentOf = (key: string): string => JSON.stringify({ key, text: key.repeat(20) });
  const appended = new Set<string>();
  const append = async (key: string, level: 'written' | 'synced'): Promise<void> => {
    appended.add(key);
    await log.append(JSON.parse(contentOf(key)), { key, level });
    if (level === 'synced') acks.note(key);
  };
  /** Writers out of step, so that records come while an fsync runs. */
  const writer = async (letter: string, pause: number): Promise<void> => {
    for (let i = 0; i < 6; i += 1) {
      await append(`${letter}${i}`, i % 3 === 0 ? 'written' : 'synced');
      for (let turn = 0; turn < pause; turn += 1) await setImmediate();
    }
  };
  await append('a0', 'synced');
  await Promise.all([writer('b', 0), writer('c', 1), writer('d', 2)]);
  await log.roll();
  // Enough for several segments, none of it asked to be synced.
  for (let i = 0; i < 8; i += 1) await append(`e${i}`, 'written');
  await append('f0', 'synced');
  await append('f1', 'written');
  // The process dies and another one opens the log: what it found is durable, for it may be acted upon.
  log = await openRecordLog('data/log', { files: twin, segmentBytes: 700 });
  appended.forEach(acks.note);
  await append('g0', 'written');
  await log.close();
  acks.note('g0');

  /** Opens what is left, reads all of it and appends one more. */
  const goOn = async (files: TwinFiles, key: string): Promise<string[]> => {
    const reopened = await openRecordLog('data/log', { files });
    const keys: string[] = [];
    for (const { name, sealed, damage } of reopened.segments()) {
      if (sealed) assert.deepEqual(damage, []);
      for await (const record of reopened.records(name)) {
        keys.push(record.key);
        assert.equal(record.payload.toString(), contentOf(record.key));
      }
    }
    appended.add(key);
    await reopened.append(JSON.parse(contentOf(key)), { key, level: 'synced' });
    await reopened.close();
    assert.equal((await openRecordLog('data/log', { files })).tornBytes, 0, 'what was cut off is gone');
    return keys;
  };
  let states = 0;
  const check = async (files: TwinFiles, acknowledged: readonly string[], next: string): Promise<string[]> => {
    states += 1;
    const found = await goOn(files, next);
    assert.equal(new Set(found).size, found.length, 'none twice');
    assert.deepEqual(
      found.filter((key) => !appended.has(key)),
      [],
      'none invented',
    );
    assert.deepEqual(
      acknowledged.filter((key) => !found.includes(key)),
      [],
      'none lost',
    );
    return [...found, next];
  };
  for (const { at, tree } of legalStates(twin.recording, { perMoment: 48 })) {
    const files = createTwinFiles(tree);
    const found = await check(files, acks.until(at), 'next');
    if (states % 40 !== 0) continue;
    // The power fails again while the log is mended, or just after.
    for (const second of legalStates(files.recording, { perMoment: 8 })) {
      const isLast = second.at === files.recording.steps.length;
      await check(createTwinFiles(second.tree), isLast ? found : acks.until(at), 'next but one');
    }
  }
  context.diagnostic(`${states} states`);
  assert.ok(states > 2000);
});

test('after a full disk and a power cut the log has no record that it refused before the last it kept', async () => {
  let room = 4000;
  const twin = createTwinFiles(undefined, { room: () => room });
  const log = await openRecordLog('log', { files: twin });
  const kept: string[] = [];
  const append = async (key: string): Promise<void> => {
    await log.append({ text: 'x'.repeat(300) }, { key, level: 'synced' });
    kept.push(key);
  };
  for (let i = 0; i < 5; i += 1) await append(`a${i}`);
  const refused = Array.from({ length: 40 }, (_, i) => append(`b${i}`));
  for (const outcome of await Promise.allSettled(refused)) assert.equal(outcome.status, 'rejected');
  const refusedAt = twin.recording.steps.length;
  room = 100_000;
  for (let i = 0; i < 5; i += 1) await append(`c${i}`);
  assert.equal(log.lost(), 40);

  for (const { at, tree } of legalStates(twin.recording, { perMoment: 64 })) {
    if (at < refusedAt) continue;
    const reopened = await openRecordLog('log', { files: createTwinFiles(tree) });
    const found: string[] = [];
    for await (const { key } of reopened.find({ from: '', to: 'z' })) found.push(key);
    assert.deepEqual(found, kept.slice(0, found.length));
    assert.ok(found.length >= 5);
  }
});
