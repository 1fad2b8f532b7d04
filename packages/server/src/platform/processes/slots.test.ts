import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSlots } from './slots.ts';

const held = () => Promise.withResolvers<void>();

test('no more than so many are at work, in the order they came', async () => {
  const { use, count } = createSlots(2);
  const gates = Array.from({ length: 5 }, held);
  const begun: number[] = [];
  const all = gates.map(({ promise }, i) => use(() => (begun.push(i), promise)));
  await turn();
  assert.deepEqual(begun, [0, 1]);
  assert.deepEqual(count(), { slots: 2, running: 2, waiting: 3 });
  for (const { resolve } of gates) {
    resolve();
    await turn();
  }
  await Promise.all(all);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  assert.deepEqual(count(), { slots: 2, running: 0, waiting: 0 });
});

test('who gives up leaves the line, and a failure its slot', async () => {
  const { use, count } = createSlots(1);
  const gate = held();
  const first = use(() => gate.promise);
  const patience = new AbortController();
  const second = use(async () => assert.fail('it had given up'), patience.signal);
  patience.abort(new Error('enough'));
  await assert.rejects(second, /enough/);
  gate.resolve();
  await first;
  await assert.rejects(
    use(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await use(async () => 1), 1);
  assert.equal(count().running, 0);
});
