import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type TwinFiles, createTwinFiles } from '../files/index.ts';
import { type RecordLog, type SegmentInfo, openRecordLog } from './index.ts';

const all = { from: '', to: '\uffff' };
const keysOf = async (log: RecordLog, range = all): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of log.find(range)) keys.push(key);
  return keys;
};
const syncsOf = (twin: TwinFiles): number => twin.recording.steps.filter(({ kind }) => kind === 'sync').length;
const writesOf = (twin: TwinFiles): number => twin.recording.steps.filter(({ kind }) => kind === 'write').length;
/** A memory in which one stretch of a file is changed. */
const damagedCopy = (twin: TwinFiles, name: string, at: number): TwinFiles => {
  const { folders, files } = twin.tree();
  const bytes = Uint8Array.from(files.get(name) ?? []);
  bytes.fill(0xee, at, at + 10);
  return createTwinFiles({ folders, files: new Map([...files, [name, bytes]]) });
};

test('what was appended is read again in order, as it was, also by the next process', async () => {
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files });
  const first = await log.append({ id: 1 }, { key: 'a', level: 'synced' });
  const second = await log.append(Buffer.from([0, 255]), { key: 'b', level: 'written' });
  assert.equal(first.segment, second.segment);
  await log.close();
  const again = await openRecordLog('log', { files });
  const records = [];
  for await (const { key, payload, offset } of again.records(first.segment))
    records.push({ key, payload: payload.toString('latin1'), offset });
  assert.deepEqual(records, [
    { key: 'a', payload: '{"id":1}', offset: first.offset },
    { key: 'b', payload: '\0\u00ff', offset: second.offset },
  ]);
  const rest = [];
  for await (const { key } of again.records(second.segment, second.offset)) rest.push(key);
  assert.deepEqual(rest, ['b']);
});

test('a synced append has its fsync, a written one has it soon', async () => {
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files, syncWithinMs: 1 });
  await log.append({}, { key: 'a', level: 'synced' });
  const synced = syncsOf(files);
  await log.append({}, { key: 'b', level: 'written' });
  assert.equal(syncsOf(files), synced);
  while (syncsOf(files) === synced) await setImmediate();
});

test('appends that come together share one write and one fsync', async () => {
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files });
  await log.append({}, { key: 'a', level: 'synced' });
  const before = { writes: writesOf(files), syncs: syncsOf(files) };
  await Promise.all(Array.from({ length: 64 }, (_, i) => log.append({ i }, { key: `b${i}`, level: 'synced' })));
  assert.deepEqual({ writes: writesOf(files) - before.writes, syncs: syncsOf(files) - before.syncs }, { writes: 1, syncs: 1 });
});

test('a full segment is sealed and told, and can be dropped once it is', async () => {
  const sealed: SegmentInfo[] = [];
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files, segmentBytes: 1000, onSealed: (segment) => sealed.push(segment) });
  for (let i = 0; i < 20; i += 1) await log.append({ text: 'x'.repeat(100) }, { key: `k${String(i).padStart(2, '0')}`, level: 'written' });
  assert.ok(sealed.length >= 2);
  assert.deepEqual([sealed[0]?.firstKey, sealed[0]?.sealed, sealed[0]?.damage], ['k00', true, []]);
  assert.deepEqual(
    sealed,
    log.segments().filter((segment) => segment.sealed),
  );
  const [oldest, current] = [log.segments()[0]?.name ?? '', log.segments().at(-1)?.name ?? ''];
  await assert.rejects(log.drop(current), { code: 'failed_precondition', reason: 'segment_open' });
  await log.drop(oldest);
  await assert.rejects(log.drop(oldest), { code: 'not_found' });
  assert.ok(!(await keysOf(log)).includes('k00'));
  await log.roll();
  assert.ok(log.segments().every((segment) => segment.sealed));
  await log.append({}, { key: 'z', level: 'written' });
  assert.ok((log.segments().at(-1)?.name ?? '') > current);
});

test('records are found by their key, whatever order they came in', async () => {
  const key = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
  await fc.assert(
    fc.asyncProperty(fc.array(key, { maxLength: 40 }), key, key, async (keys, a, b) => {
      const log = await openRecordLog('log', { files: createTwinFiles(), segmentBytes: 300 });
      await Promise.all(keys.map((each) => log.append({}, { key: each, level: 'written' })));
      const [from, to] = a < b ? [a, b] : [b, a];
      assert.deepEqual(
        await keysOf(log, { from, to }),
        keys.filter((each) => from <= each && each <= to),
      );
    }),
    { numRuns: 50 },
  );
});

test('a lookup reads only the stretch that may hold the key', async () => {
  const reads: string[] = [];
  const files = createTwinFiles(undefined, { refuse: (operation, path) => void (operation === 'read' && reads.push(path)) });
  const log = await openRecordLog('log', { files, segmentBytes: 200_000 });
  for (let i = 0; i < 600; i += 1) await log.append({ text: 'x'.repeat(1000) }, { key: String(i).padStart(4, '0'), level: 'written' });
  assert.ok(log.segments().length >= 3);
  assert.deepEqual(await keysOf(log, { from: '0300', to: '0300' }), ['0300']);
  assert.equal(reads.length, 1);
});

test('a damaged place in a sealed segment is told, and the records around it are read', async () => {
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files });
  const positions = [];
  for (const key of ['a', 'b', 'c']) positions.push(await log.append({ key }, { key, level: 'synced' }));
  await log.roll();
  await log.append({}, { key: 'd', level: 'synced' });
  const { segment = '', offset = 0 } = positions[1] ?? {};

  const reopened = await openRecordLog('log', { files: damagedCopy(files, `log/${segment}`, offset + 14) });
  assert.deepEqual(await keysOf(reopened), ['a', 'c', 'd']);
  assert.deepEqual(reopened.segments()[0]?.damage, [{ offset, bytes: (positions[2]?.offset ?? 0) - offset }]);

  const header = await openRecordLog('log', { files: damagedCopy(files, `log/${segment}`, 0) });
  assert.deepEqual(await keysOf(header), ['a', 'b', 'c', 'd']);
  assert.equal(header.segments()[0]?.damage.length, 1);
});

test('a torn tail is cut off at the last whole record, and the log goes on there', async () => {
  const files = createTwinFiles();
  const log = await openRecordLog('log', { files });
  const { segment } = await log.append({}, { key: 'a', level: 'synced' });
  const { offset } = await log.append({ text: 'not all of it' }, { key: 'b', level: 'synced' });
  const { folders, files: contents } = files.tree();
  const torn = contents.get(`log/${segment}`)?.slice(0, offset + 21) ?? new Uint8Array();
  const twin = createTwinFiles({ folders, files: new Map([[`log/${segment}`, torn]]) });
  const reopened = await openRecordLog('log', { files: twin });
  assert.equal(reopened.tornBytes, 21);
  assert.deepEqual(await reopened.append({}, { key: 'c', level: 'synced' }), { segment, offset });
  assert.deepEqual(await keysOf(reopened), ['a', 'c']);
});

test('a full disk refuses appends and counts them, and with room again the log goes on whole', async () => {
  let room = 3000;
  const lost: number[] = [];
  const files = createTwinFiles(undefined, { room: () => room });
  const log = await openRecordLog('log', { files, onLost: (records) => lost.push(records) });
  const append = (key: string) => log.append({ text: 'x'.repeat(200) }, { key, level: 'written' });
  for (let i = 0; i < 5; i += 1) await append(`a${i}`);
  const refused = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => append(`b${i}`)));
  for (const outcome of refused) {
    assert.ok(outcome.status === 'rejected');
    assert.deepEqual([outcome.reason.code, outcome.reason.reason], ['unavailable', 'disk_full']);
  }
  room = 10_000;
  for (let i = 0; i < 5; i += 1) await append(`c${i}`);
  assert.equal(log.lost(), 20);
  assert.equal(
    lost.reduce((sum, records) => sum + records),
    20,
  );
  await log.close();
  const again = await openRecordLog('log', { files });
  assert.deepEqual(await keysOf(again), ['a0', 'a1', 'a2', 'a3', 'a4', 'c0', 'c1', 'c2', 'c3', 'c4']);
  assert.deepEqual([again.tornBytes, again.segments()[0]?.damage], [0, []]);
});

test('after a failed fsync the segment is given up, its unsynced records count as lost, and the next one begins', async () => {
  let broken = false;
  const files = createTwinFiles(undefined, { refuse: (operation) => (broken && operation === 'file.sync' ? 'EIO' : undefined) });
  const log = await openRecordLog('log', { files });
  const { segment } = await log.append({}, { key: 'a', level: 'synced' });
  await log.append({}, { key: 'b', level: 'written' });
  broken = true;
  await assert.rejects(log.append({}, { key: 'c', level: 'synced' }), { code: 'EIO' });
  broken = false;
  assert.equal(log.lost(), 2);
  const next = await log.append({}, { key: 'd', level: 'synced' });
  assert.notEqual(next.segment, segment);
  assert.equal(log.segments()[0]?.sealed, true);
});

test('a record longer than a segment, or for a closed log, is refused and counted', async () => {
  const log = await openRecordLog('log', { files: createTwinFiles(), segmentBytes: 1000 });
  await assert.rejects(log.append({ text: 'x'.repeat(1000) }, { key: 'a', level: 'written' }), {
    code: 'too_large',
    reason: 'record_too_large',
  });
  await log.close();
  await assert.rejects(log.append({}, { key: 'b', level: 'written' }), { code: 'unavailable', reason: 'log_closed' });
  assert.equal(log.lost(), 2);
});

test('a read-only folder says so, and a segment from the future is left alone', async () => {
  const readOnly = createTwinFiles(undefined, { refuse: (operation) => (operation === 'makeFolder' ? 'EACCES' : undefined) });
  await assert.rejects(openRecordLog('log', { files: readOnly }), { code: 'unavailable', reason: 'read_only' });
  const name = 'log/0000000001-20260101T000000000Z.segment';
  const files = createTwinFiles({ folders: new Set(['log']), files: new Map([[name, Buffer.from('boucle.segment/2\n…')]]) });
  await assert.rejects(openRecordLog('log', { files }), { code: 'failed_precondition', reason: 'newer_format' });
  assert.ok(files.tree().files.has(name));
});
