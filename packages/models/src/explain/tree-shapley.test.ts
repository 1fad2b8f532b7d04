import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createForestScorer, type Forest, type Tree, type TreeNode } from '../trees/forest.ts';
import { treeShapley } from './tree-shapley.ts';

const features = 4;
/** Feature 3 is a category of five codes. */
const node = fc.record({
  feature: fc.nat(features - 1),
  threshold: fc.integer({ min: -2, max: 2 }),
  missingLeft: fc.boolean(),
  codes: fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
});
/** A full tree of depth three. */
const tree = fc
  .tuple(fc.array(node, { minLength: 7, maxLength: 7 }), fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 8 }))
  .map(([nodes, leaves]): Tree => ({
    leaves,
    nodes: nodes.map(({ codes, ...of }, i): TreeNode => ({
      ...of,
      codes: of.feature === 3 ? codes : [],
      left: i < 3 ? 2 * i + 1 : ~(2 * (i - 3)),
      right: i < 3 ? 2 * i + 2 : ~(2 * (i - 3) + 1),
      gain: 1,
    })),
  }));
const row = fc
  .tuple(fc.array(fc.constantFrom(-2, -1, 0, 1, 2, 3, NaN), { minLength: 3, maxLength: 3 }), fc.nat(4))
  .map(([numbers, code]) => Float32Array.of(...numbers, code));

/** Over all orders in which features may join, what each adds when it does. */
const byOrders = (forest: Forest, { row: own, reference, output }: Parameters<typeof treeShapley>[1]): number[] => {
  const score = createForestScorer(forest);
  const valueOf = (joined: ReadonlySet<number>): number =>
    score(
      Array.from(own, (value, f) => Float32Array.of(joined.has(f) ? value : reference[f]!)),
      1,
    )[output]!;
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0 ? [[]] : left.flatMap((first) => orders(left.filter((f) => f !== first)).map((rest) => [first, ...rest]));
  const all = orders([...Array(features).keys()]);
  const values = Array.from({ length: features }, () => 0);
  for (const order of all) {
    const joined = new Set<number>();
    let before = valueOf(joined);
    for (const feature of order) {
      joined.add(feature);
      const now = valueOf(joined);
      values[feature]! += (now - before) / all.length;
      before = now;
    }
  }
  return values;
};

test('shares are those of all orders in which features may join, and sum to the difference', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 2, maxLength: 4 }), fc.record({ row, reference: row, output: fc.nat(1) }), (trees, asked) => {
      const forest: Forest = { base: [0.5, -1], trees };
      const found = treeShapley(forest, asked);
      for (const [feature, value] of byOrders(forest, asked).entries()) assert.ok(Math.abs(found[feature]! - value) < 1e-9);
    }),
    { numRuns: 60 },
  );
});

test('a tree of one leaf says nothing of any feature', () => {
  const forest: Forest = { base: [0], trees: [{ nodes: [], leaves: [3] }] };
  assert.deepEqual([...treeShapley(forest, { row: new Float32Array(2), reference: new Float32Array(2), output: 0 })], [0, 0]);
});
