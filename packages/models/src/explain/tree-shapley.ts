import type { Forest, Tree, TreeNode } from '../trees/forest.ts';

/** One row's values by feature, as trees read them: NaN where a number is missing, codes of categories. */
export type TreeRow = Float32Array;

/**
 * What each feature of a row adds to one output of a forest, against a reference row: Shapley values of the game in which a feature that
 * takes part has the row's value, and one that does not the reference's. They sum to the difference of the two outputs, exactly but for
 * rounding. A leaf of value w that takes u features of the row and v of the reference gives each of the u  w (u-1)! v!/(u+v)!, and takes
 * w u! (v-1)!/(u+v)! from each of the v; a tree costs one walk over the leaves that any mixture of the two rows reaches.
 * Source: Shapley 1953; Lundberg et al. 2020, algorithm 3 (interventional, with a single reference).
 */
export const treeShapley = (
  { base, trees }: Forest,
  { row, reference, output }: { row: TreeRow; reference: TreeRow; output: number },
): Float64Array => {
  const values = new Float64Array(row.length);
  for (const [t, tree] of trees.entries()) if (t % base.length === output) addTree(tree, { row, reference, values });
  return values;
};

interface Walk {
  readonly row: TreeRow;
  readonly reference: TreeRow;
  readonly values: Float64Array;
}

const addTree = ({ nodes, leaves }: Tree, { row, reference, values }: Walk): void => {
  const own: number[] = [];
  const others: number[] = [];
  const visit = (at: number): void => {
    if (at < 0) return share(leaves[~at]!);
    const node = nodes[at]!;
    const { feature } = node;
    const [mine, theirs] = [childOf(node, row[feature]!), childOf(node, reference[feature]!)];
    if (mine === theirs || own.includes(feature)) return visit(mine);
    if (others.includes(feature)) return visit(theirs);
    own.push(feature);
    visit(mine);
    own.pop();
    others.push(feature);
    visit(theirs);
    others.pop();
  };
  const share = (leaf: number): void => {
    const [u, v] = [own.length, others.length];
    // (u-1)! v!/(u+v)! is 1 over u times the number of ways to choose u of u + v.
    const ways = choose(u + v, u);
    for (const feature of own) values[feature]! += leaf / (u * ways);
    for (const feature of others) values[feature]! -= leaf / (v * ways);
  };
  visit(nodes.length > 0 ? 0 : -1);
};

/** As the forest scores. */
const childOf = ({ threshold, missingLeft, codes, left, right }: TreeNode, value: number): number => {
  const goesLeft = codes.length > 0 ? codes.includes(value) : value <= threshold || (value !== value && missingLeft);
  return goesLeft ? left : right;
};

const choose = (n: number, k: number): number => {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
};
