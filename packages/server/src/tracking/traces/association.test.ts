import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { associationOf, type TraceCounts } from './association.ts';

/** From the four kinds of trace: found by both, by one, by neither. */
const counts = fc
  .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000))
  .map(([both, one, other, none]): TraceCounts => ({ all: both + one + other + none, first: both + one, second: both + other, both }));

test('two filters are told to go together, to avoid each other, or neither', () => {
  const isNear = (found: number | null, value: number) => assert.ok(Math.abs(found! - value) < 1e-12, String(found));
  isNear(associationOf({ all: 10, first: 4, second: 4, both: 4 }), 1);
  assert.equal(associationOf({ all: 10, first: 10, second: 10, both: 10 }), 1);
  assert.equal(associationOf({ all: 10, first: 4, second: 4, both: 0 }), -1);
  isNear(associationOf({ all: 100, first: 50, second: 20, both: 10 }), 0);
  assert.equal(associationOf({ all: 10, first: 0, second: 4, both: 0 }), null);
  assert.equal(associationOf({ all: 0, first: 0, second: 0, both: 0 }), null);
});

test('it is from -1 to 1, whichever comes first, and nearer to 0 with some beforehand', () => {
  fc.assert(
    fc.property(counts, ({ all, first, second, both }) => {
      const found = associationOf({ all, first, second, both });
      assert.equal(found === null, first === 0 || second === 0);
      assert.equal(associationOf({ all, first: second, second: first, both }), found);
      const careful = associationOf({ all, first, second, both }, 0.5);
      if (found === null || careful === null) return;
      assert.ok(found >= -1 && found <= 1 && careful >= -1 && careful <= 1);
      if (both === 0) assert.ok(careful > found);
    }),
  );
});
