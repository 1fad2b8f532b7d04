import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countLatency, emptyHistogram, latencyQuantile, mergeHistograms } from './latency-histogram.ts';

const latency = fc.double({ min: 0.02, max: 110_000, noNaN: true });
const histogramOf = (latencies: readonly number[]): number[] => {
  const histogram = emptyHistogram();
  for (const ms of latencies) countLatency(histogram, ms);
  return histogram;
};

test('any quantile is right to 5 %', () => {
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (latencies, share) => {
      const exact = latencies.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(latencies.length * share)) - 1]!;
      const found = latencyQuantile(histogramOf(latencies), share)!;
      assert.ok(found > exact * 0.94 && found < exact * 1.06, `${found} for ${exact}`);
    }),
  );
});

test('merged, they are what one would have counted who saw all', () => {
  fc.assert(
    fc.property(fc.array(fc.array(latency)), (parts) => {
      assert.deepEqual(mergeHistograms(parts.map(histogramOf)), histogramOf(parts.flat()));
    }),
  );
});

test('nothing has no quantile, and the shortest and the longest have a bin', () => {
  assert.equal(latencyQuantile(emptyHistogram(), 0.5), null);
  for (const ms of [0, 1e-9, 1e9]) assert.ok(latencyQuantile(histogramOf([ms]), 0.5)! > 0);
});
