import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HashList } from '../identity/hash-list.ts';
import { sha256 } from '../identity/sha256.ts';
import { chooseSides } from './choose-sides.ts';

interface Row {
  readonly key: string;
  readonly content: string;
}
const options = { seed: 1, validation: 0.3, test: 0.3 };

const choose = (rows: readonly Row[], given = options): number[] => {
  const [keys, contents] = [new HashList(16), new HashList(32)];
  for (const { key, content } of rows) {
    keys.push(sha256(key));
    contents.push(sha256(content));
  }
  return [...chooseSides({ keys, contents }, given)];
};
const few = fc.integer({ min: 0, max: 30 });
const someRows = fc.array(fc.record({ key: few.map((i) => `k${i}`), content: few.map((i) => `c${i}`) }), { minLength: 1, maxLength: 60 });
/** Each under a key of its own. */
const newRows = fc.array(few, { maxLength: 60 }).map((contents) => contents.map((i, at): Row => ({ key: `new ${at}`, content: `c${i}` })));

test('equal keys share a side, and so do equal contents, through any number of links', () => {
  fc.assert(
    fc.property(someRows, fc.integer(), (rows, seed) => {
      const chosen = choose(rows, { ...options, seed });
      const held = new Map<string, number>();
      rows.forEach(({ key, content }, i) => {
        for (const name of [key, content]) assert.equal(held.get(name) ?? chosen[i], chosen[i], name);
        held.set(key, chosen[i] ?? -1).set(content, chosen[i] ?? -1);
      });
    }),
    { numRuns: 300 },
  );
});

test('the order of rows plays no part', () => {
  const shuffled = someRows.chain((rows) =>
    fc.record({ rows: fc.constant(rows), order: fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }) }),
  );
  fc.assert(
    fc.property(shuffled, ({ rows, order }) => {
      const chosen = choose(rows);
      const other = choose(order.flatMap((i) => rows[i] ?? []));
      assert.deepEqual(
        other,
        order.map((i) => chosen[i]),
      );
    }),
  );
});

test('rows added with new keys move nobody, whatever the groups were before', () => {
  fc.assert(
    fc.property(someRows, newRows, (before, added) => {
      assert.deepEqual(choose([...before, ...added]).slice(0, before.length), choose(before));
    }),
    { numRuns: 300 },
  );
});

test('rows without keys are never moved', () => {
  const unkeyed = fc.array(
    few.map((i): Row => ({ key: `c${i}`, content: `c${i}` })),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(unkeyed, unkeyed, (before, added) =>
      assert.deepEqual(choose([...before, ...added]).slice(0, before.length), choose(before)),
    ),
  );
});

test('a share of validation leaves the test rows as they are', () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const tested = (validation: number) => choose(rows, { ...options, validation }).map((side) => side === 2);
      assert.deepEqual(tested(0), tested(0.6));
    }),
  );
});
