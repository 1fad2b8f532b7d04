import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binsAt, countInBins } from '@boucle/statistics';
import fc from 'fast-check';
import { cellOf, cellsBetween } from './column-reference.ts';
import { createCategories, mergeCategories } from './category-counts.ts';
import { createNumberCounts, mergeNumbers } from './number-counts.ts';
import { createTextCounts, mergeTexts } from './text-counts.ts';

const numbers = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -6, max: 6, noNaN: true })), { maxLength: 40 });

test('a value falls into the cell that the statistics count it in', () => {
  fc.assert(
    fc.property(numbers, numbers, (edges, values) => {
      const bins = binsAt(edges);
      const counts = Array.from({ length: cellsBetween(bins.edges) }, () => 0);
      for (const value of values) counts[cellOf(bins.edges, value)]!++;
      assert.deepEqual(counts, countInBins(bins, values).slice(0, counts.length));
    }),
  );
});

const column = fc.array(
  fc.oneof(fc.constantFrom('a', 'b', 'late flight again', 'a b c', ''), fc.double(), fc.constantFrom(null, undefined, 'NaN', true, {})),
  { maxLength: 30 },
);
const kinds = [
  ['numbers', () => createNumberCounts(undefined), mergeNumbers],
  ['categories', () => createCategories(undefined), mergeCategories],
  ['texts', () => createTextCounts(undefined, undefined, { followsWords: true }), mergeTexts],
] as const;
for (const [name, create, merge] of kinds) {
  test(`counts of ${name} do not depend on where they are cut, and every value is counted somewhere`, () => {
    fc.assert(
      fc.property(column, column, (one, two) => {
        const formOf = (values: readonly unknown[]) => {
          const counts = create();
          for (const value of values) counts.add(value);
          return counts.form();
        };
        const whole = formOf([...one, ...two]);
        const merged = merge(formOf(one) as never, formOf(two) as never, undefined);
        assert.deepEqual(JSON.parse(JSON.stringify(merged)), JSON.parse(JSON.stringify(whole)));
        const other = 'notFinite' in whole ? whole.notFinite : 0;
        assert.equal(whole.rows + whole.missing + whole.wrong + other, one.length + two.length);
      }),
    );
  });
}
