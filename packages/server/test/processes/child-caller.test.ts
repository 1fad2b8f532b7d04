import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallerOptions, createChildCaller } from '../../src/platform/processes/index.ts';
import type { handlers } from './caller-child.ts';
import { isAlive, until } from './nasty.ts';

const aCaller = (t: TestContext, options: Partial<CallerOptions> = {}) => {
  const caller = createChildCaller<typeof handlers>({ program: new URL('./caller-child.ts', import.meta.url), concurrency: 1, ...options });
  t.after(() => caller.close());
  return caller;
};

test('an answer comes back, from the same child the next time', async (t) => {
  const { call } = aCaller(t);
  assert.equal(await call('double', { value: 21 }), 42);
  const first = await call('whoAmI', undefined);
  const second = await call('whoAmI', undefined);
  assert.equal(first.pid, second.pid);
  assert.equal(second.calls, 2);
});

test('an AppError arrives as it was thrown, and the child stays', async (t) => {
  const { call } = aCaller(t);
  const { pid } = await call('whoAmI', undefined);
  await assert.rejects(call('refuse', undefined), {
    name: 'AppError',
    code: 'invalid_request',
    reason: 'ragged_row',
    details: { line: 3 },
    message: 'Row 3 has 2 fields, and the header has 4',
  });
  await assert.rejects(call('break', undefined), { name: 'Error', message: 'x is not a function' });
  assert.equal((await call('whoAmI', undefined)).pid, pid);
});

test('progress is told, the last of it for sure', async (t) => {
  const { call } = aCaller(t);
  const seen: number[] = [];
  await call('count', { to: 5000 }, { onProgress: ({ done }) => seen.push(done) });
  assert.equal(seen.at(-1), 5000);
  assert.ok(seen.length < 100);
});

const hostile = {
  loop: { limits: { wallMs: 300 }, code: 'too_large', reason: 'time_limit' },
  grow: { limits: { memoryBytes: 300 * 2 ** 20 }, code: 'too_large', reason: 'memory_limit' },
  crash: { limits: {}, code: 'internal', reason: 'child_crashed' },
} as const;
for (const [name, { limits, code, reason }] of Object.entries(hostile)) {
  test(`a call that would ${name} ends its child alone, and the next one is answered`, async (t) => {
    const { call } = aCaller(t);
    const { pid } = await call('whoAmI', undefined);
    await assert.rejects(call(name as keyof typeof hostile, undefined, { limits }), { code, reason });
    assert.equal(isAlive(pid), false);
    assert.equal(await call('double', { value: 2 }), 4);
  });
}

test('what a crashed child said is in its error', async (t) => {
  await assert.rejects(aCaller(t).call('crash', undefined), (error: { details: { said: string } }) =>
    /page_count > 0/.test(error.details.said),
  );
});

test('an answer that is too long is refused', async (t) => {
  const { call } = aCaller(t, { limits: { messageBytes: 100_000 } });
  assert.equal((await call('talk', { bytes: 90_000 })).length, 90_000);
  await assert.rejects(call('talk', { bytes: 1_000_000 }), { code: 'too_large', reason: 'output_limit' });
});

test('an abandoned call ends its child', async (t) => {
  const { call } = aCaller(t);
  const { pid } = await call('whoAmI', undefined);
  await assert.rejects(call('loop', undefined, { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
  assert.equal(isAlive(pid), false);
});

test('calls wait for their turn, and none takes the answer of another', async (t) => {
  const { call } = aCaller(t, { concurrency: 2 });
  const values = Array.from({ length: 30 }, (_, i) => i);
  assert.deepEqual(
    await Promise.all(values.map((value) => call('double', { value }))),
    values.map((value) => value * 2),
  );
});

test('a child is replaced after so many calls', async (t) => {
  const { call } = aCaller(t, { recycle: { calls: 2 } });
  const pids: number[] = [];
  for (let i = 0; i < 6; i++) pids.push((await call('whoAmI', undefined)).pid);
  assert.equal(new Set(pids).size, 3);
  await until(() => pids.slice(0, 4).every((pid) => !isAlive(pid)), 3000);
});

test('a child that nobody calls ends', async (t) => {
  const { call } = aCaller(t, { idleMs: 50 });
  const { pid } = await call('whoAmI', undefined);
  await until(() => !isAlive(pid), 3000);
  assert.equal(await call('double', { value: 1 }), 2);
});

test('a child killed between two calls is not missed', async (t) => {
  const { call } = aCaller(t);
  const { pid } = await call('whoAmI', undefined);
  process.kill(pid, 'SIGKILL');
  await sleep(100);
  assert.equal(await call('double', { value: 1 }), 2);
});

test('closing while a child starts lets it do nothing', async (t) => {
  const caller = aCaller(t);
  const call = assert.rejects(caller.call('loop', undefined), { code: 'unavailable' });
  await caller.close();
  await call;
});

test('closing ends the calls under way', async (t) => {
  const caller = aCaller(t);
  await caller.call('double', { value: 1 });
  const loop = assert.rejects(caller.call('loop', undefined), { name: 'AppError' });
  await sleep(300);
  await caller.close();
  await loop;
  await assert.rejects(caller.call('double', { value: 1 }), { code: 'unavailable' });
});
