import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketLengths, bucketOf } from './length-buckets.ts';
import { createLoader } from './loader.ts';

const someLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 100 });
const padded = (lengths: readonly number[], buckets: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + buckets[bucketOf(length, buckets)]!, 0);

test('every epoch holds every row once, in full batches but for one, each long enough for its rows', () => {
  fc.assert(
    fc.property(someLengths, fc.integer({ min: 1, max: 16 }), fc.nat(5), (lengths, batchSize, epoch) => {
      const batches = createLoader({ lengths, batchSize, seed: 1, buckets: 4 }).epoch(epoch);
      assert.deepEqual(
        batches.flatMap(({ rows }) => rows).sort((a, b) => a - b),
        [...lengths.keys()],
      );
      assert.equal(batches.length, Math.ceil(lengths.length / batchSize));
      for (const { rows, length } of batches) assert.ok(rows.every((row) => lengths[row]! <= length));
      assert.ok(new Set(batches.map(({ length }) => length)).size <= 4);
    }),
  );
});

test('the order depends on seed and epoch, and on nothing else', () => {
  const lengths = Array.from({ length: 200 }, (_, i) => 1 + (i % 30));
  const order = (seed: number, epoch: number): string => JSON.stringify(createLoader({ lengths, batchSize: 16, seed }).epoch(epoch));
  assert.equal(order(1, 2), order(1, 2));
  assert.equal(new Set([order(1, 2), order(1, 3), order(2, 2)]).size, 3);
});

test('no other choice of buckets pads less', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (lengths, most) => {
        const longest = Math.max(...lengths);
        const chosen = bucketLengths(lengths, most);
        assert.ok(chosen.length <= most && chosen.at(-1) === longest);
        for (let set = 0; set < 2 ** longest; set++) {
          const other = Array.from({ length: longest }, (_, i) => i + 1).filter(
            (length) => length === longest || (set >> (length - 1)) & 1,
          );
          if (other.length <= most) assert.ok(padded(lengths, chosen) <= padded(lengths, other), `${chosen.join()} ${other.join()}`);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('very many lengths are thinned out and the longest stays', () => {
  const lengths = Array.from({ length: 3000 }, (_, i) => i + 1);
  const buckets = bucketLengths(lengths, 8);
  assert.equal(buckets.length, 8);
  assert.equal(buckets.at(-1), 3000);
  assert.throws(() => bucketLengths([], 8), { reason: 'no_rows' });
});
