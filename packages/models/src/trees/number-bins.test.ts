import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binTable } from './binned-table.ts';
import { numberLimits } from './number-bins.ts';

const binsOf = (values: Float32Array, maxBins: number): Uint8Array =>
  binTable([{ kind: 'number', values: () => values }], values.length, { maxBins, seed: 1, slots: 1 }).binsOf(0, values);

test('few values have a bin each, with the limit halfway', () => {
  assert.deepEqual([...numberLimits(Float32Array.of(3, 1, Number.NaN, 1, 2), 255, 1)], [1.5, 2.5]);
  assert.deepEqual([...numberLimits(Float32Array.of(7, 7), 255, 1)], []);
});

test('many values share bins of about equal size, and a frequent one has its own', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 0 : i));
  const counts = Array.from({ length: 18 }, () => 0);
  for (const bin of binsOf(values, 16)) counts[bin]!++;
  assert.equal(counts[1], 5000);
  assert.ok(
    counts.slice(2, 17).every((count) => count > 200 && count < 500),
    String(counts),
  );
  assert.equal(counts[17], 0);
});

const floats = fc.array(
  fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN)),
  {
    minLength: 1,
    maxLength: 200,
  },
);

test('bins are in the order of the values, within their limits, and no more than allowed', () => {
  fc.assert(
    fc.property(floats, fc.integer({ min: 2, max: 255 }), (numbers, maxBins) => {
      const values = Float32Array.from(numbers);
      const limits = numberLimits(values, maxBins, 1);
      assert.ok(limits.length < maxBins);
      assert.ok(limits.every((limit, i) => i === 0 || limit > limits[i - 1]!));
      const bins = binsOf(values, maxBins);
      for (const [row, value] of values.entries()) {
        const bin = bins[row]!;
        if (Number.isNaN(value)) assert.equal(bin, 0);
        else {
          assert.ok(bin >= 1 && bin <= limits.length + 1);
          assert.ok((bin === 1 || value > limits[bin - 2]!) && (bin > limits.length || value <= limits[bin - 1]!));
        }
      }
    }),
  );
});
