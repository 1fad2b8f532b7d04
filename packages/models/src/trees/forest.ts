/** An inner node. A child n >= 0 is node n of the tree; below 0 it is leaf ~n. */
export interface TreeNode {
  readonly feature: number;
  /** For a number: at most so much goes left. A float32, so that those who compare in 32 bits decide alike. */
  readonly threshold: number;
  /** Where a missing number goes. */
  readonly missingLeft: boolean;
  /** For a category: the codes that go left, in ascending order. Empty for a number. */
  readonly codes: readonly number[];
  readonly left: number;
  readonly right: number;
  /** By how much the split lowered the loss, as estimated to the second order. */
  readonly gain: number;
}

export interface Tree {
  /** The root comes first. Without nodes the tree is the one leaf. */
  readonly nodes: readonly TreeNode[];
  readonly leaves: readonly number[];
}

/** Trees whose leaves add up, round by round; tree t belongs to output t modulo `base.length`. */
export interface Forest {
  readonly base: readonly number[];
  readonly trees: readonly Tree[];
}

/** A value per row: numbers in float32, NaN where missing; categories as codes 0 to 255. */
export type FeatureValues = Float32Array;

/** Scores rows by the forest, laid out flat: row by row, an output after the other. */
export const createForestScorer = ({ base, trees }: Forest): ((columns: readonly FeatureValues[], rows: number) => Float64Array) => {
  const flat = flatten(trees);
  const outputs = base.length;
  return (columns, rows) => {
    const scores = new Float64Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      scores.set(base, row * outputs);
      for (let tree = 0; tree < trees.length; tree++) scores[row * outputs + (tree % outputs)]! += flat.score(tree, columns, row);
    }
    return scores;
  };
};

const flatten = (trees: readonly Tree[]) => {
  const nodes = trees.flatMap((tree) => tree.nodes);
  const leaves = Float64Array.from(trees.flatMap((tree) => tree.leaves));
  const feature = Int32Array.from(nodes, (node) => node.feature);
  const threshold = Float32Array.from(nodes, (node) => node.threshold);
  const missingLeft = Uint8Array.from(nodes, (node) => Number(node.missingLeft));
  /** Of categories: a set of 256 bits. */
  const sets = nodes.map(({ codes }) => (codes.length === 0 ? undefined : bitsOf(codes)));
  const left = new Int32Array(nodes.length);
  const right = new Int32Array(nodes.length);
  const roots = new Int32Array(trees.length);
  let [node, leaf] = [0, 0];
  for (const [t, tree] of trees.entries()) {
    const place = (child: number): number => (child >= 0 ? node + child : ~(leaf + ~child));
    roots[t] = place(tree.nodes.length > 0 ? 0 : -1);
    for (const [i, one] of tree.nodes.entries()) {
      left[node + i] = place(one.left);
      right[node + i] = place(one.right);
    }
    node += tree.nodes.length;
    leaf += tree.leaves.length;
  }
  return {
    score: (tree: number, columns: readonly FeatureValues[], row: number): number => {
      let at = roots[tree]!;
      while (at >= 0) {
        const value = columns[feature[at]!]![row]!;
        const set = sets[at];
        const goesLeft =
          set !== undefined
            ? (set[value >>> 5]! >>> (value & 31)) & 1
            : value <= threshold[at]! || (value !== value && missingLeft[at] === 1);
        at = goesLeft ? left[at]! : right[at]!;
      }
      return leaves[~at]!;
    },
  };
};

const bitsOf = (codes: readonly number[]): Uint32Array => {
  const bits = new Uint32Array(8);
  for (const code of codes) bits[code >>> 5]! |= 1 << (code & 31);
  return bits;
};

/** How much each feature lowered the loss, and how often it was asked. Neither says what a change of the feature would do. */
export const forestImportance = ({ trees }: Forest, features: number): { gain: number[]; splits: number[] } => {
  const gain = Array.from({ length: features }, () => 0);
  const splits = Array.from({ length: features }, () => 0);
  for (const node of trees.flatMap((tree) => tree.nodes)) {
    gain[node.feature]! += node.gain;
    splits[node.feature]!++;
  }
  return { gain, splits };
};
