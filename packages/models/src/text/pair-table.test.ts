import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPairTable } from './pair-table.ts';

const number = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 31 - 1 }));

test('pairs are numbered as they come, and (a, b) is not (b, a)', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 2000 }), (drawn) => {
      const table = createPairTable();
      const known = new Map<string, number>();
      for (const [a, b] of drawn) {
        const key = `${a} ${b}`;
        assert.equal(table.find(a, b), known.get(key) ?? -1);
        if (!known.has(key)) known.set(key, known.size);
        const id = table.add(a, b);
        assert.equal(id, known.get(key));
        assert.deepEqual([table.first(id), table.second(id)], [a, b]);
      }
      assert.equal(table.size, known.size);
    }),
    { numRuns: 30 },
  );
});
