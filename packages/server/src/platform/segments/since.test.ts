import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createTwinFiles, legalStates, type TwinFiles } from '../files/index.ts';
import { openRecordLog, type Position, type RecordLog } from './index.ts';

interface Reader {
  readonly keys: string[];
  position: Position | null;
}
/** Reads on where the reader stands, so many at the most; the position travels as JSON, as a stored one does. */
const readOn = async (log: RecordLog, reader: Reader, limit = Infinity): Promise<void> => {
  let left = limit;
  for await (const { key, segment, end } of log.since(reader.position)) {
    reader.keys.push(key);
    reader.position = JSON.parse(JSON.stringify({ segment, offset: end })) as Position;
    if (--left === 0) break;
  }
};
const open = (files: TwinFiles) => openRecordLog('log', { files, segmentBytes: 400, syncWithinMs: 60_000 });

const act = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    count: fc.integer({ min: 1, max: 6 }),
    bytes: fc.nat({ max: 150 }),
    wait: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 7 }) }),
  fc.record({ kind: fc.constantFrom('roll' as const, 'reopen' as const, 'turn' as const) }),
);

test('whatever is appended meanwhile, a reader meets every record once, in the order of the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const files = createTwinFiles();
      let log = await open(files);
      const reader: Reader = { keys: [], position: null };
      let appending: Promise<unknown>[] = [];
      let number = 0;
      for (const { kind, ...how } of acts) {
        if (kind === 'append') {
          const { count, bytes, wait } = how as { count: number; bytes: number; wait: boolean };
          const fresh = Array.from({ length: count }, () =>
            log.append({ text: 'x'.repeat(bytes) }, { key: `k${number++}`, level: number % 3 === 0 ? 'synced' : 'written' }),
          );
          appending.push(...fresh);
          if (wait) await Promise.all(fresh);
        } else if (kind === 'read') {
          await readOn(log, reader, (how as { limit: number }).limit);
        } else if (kind === 'roll') await log.roll();
        else if (kind === 'turn') await setImmediate();
        else {
          // The process dies once its writes were carried out; another one takes the folder over.
          await Promise.all(appending);
          appending = [];
          log = await open(files);
        }
      }
      await Promise.all(appending);
      await readOn(log, reader);
      assert.deepEqual(
        reader.keys,
        Array.from({ length: number }, (_, i) => `k${i}`),
      );
      const before = reader.keys.length;
      await readOn(log, reader);
      assert.equal(reader.keys.length, before, 'nothing is new');
    }),
    { numRuns: 150 },
  );
});

test('a position survives every power cut after it was handed out', async () => {
  const files = createTwinFiles();
  const log = await open(files);
  const reader: Reader = { keys: [], position: null };
  const seen: { at: number; reader: Reader }[] = [];
  for (let i = 0; i < 14; i++) {
    await log.append({ text: 'x'.repeat(i * 9) }, { key: `k${String(i).padStart(2, '0')}`, level: 'written' });
    if (i % 3 !== 1) continue;
    await readOn(log, reader, 2);
    seen.push({ at: files.recording.steps.length, reader: { ...reader, keys: [...reader.keys] } });
  }
  for (const { at, tree } of legalStates(files.recording, { perMoment: 16 })) {
    const after = await open(createTwinFiles(tree));
    await after.append({}, { key: 'next', level: 'synced' });
    const kept: Reader = { keys: [], position: null };
    await readOn(after, kept);
    const { reader: before } = seen.findLast((one) => one.at <= at) ?? { reader: { keys: [], position: null } };
    const goesOn = { ...before, keys: [...before.keys] };
    await readOn(after, goesOn);
    assert.deepEqual(goesOn.keys, kept.keys, `at step ${at}`);
  }
});

test('where nothing is new, nothing is read; where something is, only what is new', async () => {
  const reads: [start: number | undefined][] = [];
  const twin = createTwinFiles();
  const files = { ...twin, read: (file: string, range?: { start?: number }) => (reads.push([range?.start]), twin.read(file, range)) };
  const log = await openRecordLog('log', { files });
  const reader: Reader = { keys: [], position: null };
  for (const key of ['a', 'b', 'c']) await log.append({ key }, { key, level: 'written' });
  await readOn(log, reader);
  reads.length = 0;
  await readOn(log, reader);
  assert.deepEqual(reads, []);
  const { offset } = await log.append({}, { key: 'd', level: 'written' });
  await readOn(log, reader);
  assert.deepEqual([reads, reader.keys.at(-1)], [[[offset]], 'd']);
});

test('who begins at the end meets only what comes later', async () => {
  const log = await open(createTwinFiles());
  assert.equal(await log.end(), null);
  await log.append({}, { key: 'a', level: 'written' });
  const reader: Reader = { keys: [], position: await log.end() };
  await readOn(log, reader);
  await log.append({}, { key: 'b', level: 'written' });
  await readOn(log, reader);
  assert.deepEqual([reader.keys, reader.position], [['b'], await log.end()]);
});

test('a reader goes on behind a segment that was dropped meanwhile', async () => {
  const log = await open(createTwinFiles());
  const reader: Reader = { keys: [], position: null };
  await log.append({}, { key: 'a', level: 'written' });
  await readOn(log, reader);
  await log.append({}, { key: 'b', level: 'written' });
  await log.roll();
  await log.append({}, { key: 'c', level: 'written' });
  await log.drop(reader.position!.segment);
  await readOn(log, reader);
  assert.deepEqual(reader.keys, ['a', 'c']);
});

test('what a failed fsync left in doubt is not read; the next segment is', async () => {
  let broken = false;
  const files = createTwinFiles(undefined, { refuse: (operation) => (broken && operation === 'file.sync' ? 'EIO' : undefined) });
  const log = await open(files);
  const reader: Reader = { keys: [], position: null };
  await log.append({}, { key: 'a', level: 'synced' });
  await log.append({}, { key: 'doubtful', level: 'written' });
  broken = true;
  await assert.rejects(readOn(log, reader), { code: 'EIO' });
  broken = false;
  await log.append({}, { key: 'b', level: 'written' });
  await readOn(log, reader);
  assert.deepEqual([reader.keys, log.lost()], [['a', 'b'], 1]);
});
