import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLatencyWindow, windowMs } from './latency-window.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

test('nothing is counted where nothing came', () => {
  assert.deepEqual(createLatencyWindow().traffic(start), { requests: 0, errors: 0, p95Ms: null });
});

test('requests are forgotten after five minutes', () => {
  const window = createLatencyWindow();
  window.add(start, 1, false);
  window.add(start + 60_000, 1, true);
  assert.deepEqual([window.traffic(start + 60_000).requests, window.traffic(start + 60_000).errors], [2, 1]);
  assert.equal(window.traffic(start + windowMs + 30_000).requests, 1);
  assert.equal(window.traffic(start + windowMs + 60_000).requests, 0);
  window.add(start, 1, false);
  assert.equal(window.traffic(start + windowMs + 60_000).requests, 0, 'a late one does not come back');
});

test('the 95th percentile is right to 5 %', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.05, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }), (latencies) => {
      const window = createLatencyWindow();
      latencies.forEach((ms, i) => window.add(start + i * 500, ms, false));
      const exact = latencies.toSorted((a, b) => a - b)[Math.ceil(latencies.length * 0.95) - 1]!;
      const { p95Ms } = window.traffic(start + latencies.length * 500);
      assert.ok(p95Ms! > exact * 0.94 && p95Ms! < exact * 1.06, `${p95Ms} for ${exact}`);
    }),
  );
});

test('the last five minutes are told in slots, oldest first, without those in which nothing came', () => {
  const window = createLatencyWindow();
  window.add(start + 65_000, 4, true);
  window.add(start + 1_000, 1, false);
  window.add(start + 66_000, 2, false);
  const told = (now: number) => window.series(now).map(({ from, requests, errors }) => [(from - start) / 1000, requests, errors]);
  assert.deepEqual(told(start + 70_000), [
    [0, 1, 0],
    [60, 2, 1],
  ]);
  assert.deepEqual(told(start + windowMs + 50_000), [[60, 2, 1]]);
});
