import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryBytesOf, memoryText, timeoutMsOf } from './step-limits.ts';

test('a timeout is read in every unit, and none is none', () => {
  assert.deepEqual(
    ['250ms', '30s', '5m', '6h'].map((timeout) => timeoutMsOf({ timeout })),
    [250, 30_000, 300_000, 21_600_000],
  );
  assert.equal(timeoutMsOf({}), undefined);
});

test('no time at all is the least there is, not none', () => {
  assert.equal(timeoutMsOf({ timeout: '0s' }), 1);
});

test('memory is read and written in the same words', () => {
  for (const memory of ['512Mi', '1500Mi', '1Gi', '4Gi']) assert.equal(memoryText(memoryBytesOf({ resources: { memory } })!), memory);
  assert.equal(memoryBytesOf({ resources: { cpus: 2 } }), undefined);
});
