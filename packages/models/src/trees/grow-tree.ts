import type { BinnedTable } from './binned-table.ts';
import { findSplit, type Split, type SplitOptions, type Sums } from './find-split.ts';
import type { Tree, TreeNode } from './forest.ts';
import { createLeafHistograms } from './leaf-histograms.ts';
import type { Unit } from './objective.ts';

export interface GrowOptions extends SplitOptions {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly learningRate: number;
}

export interface GrownTree extends Tree {
  /** For each node which bins go left: 1 in a table of 256. */
  readonly sides: readonly Uint8Array[];
  /** The rows of leaf i, in ascending order: views that hold until the next tree. */
  readonly rowsOf: (leaf: number) => Int32Array;
}

interface Leaf extends Sums {
  readonly begin: number;
  readonly depth: number;
  /** The penalty that its value pays. */
  readonly lambda: number;
  /** Of its histogram. */
  readonly slot: number;
  readonly split?: Split | undefined;
  /** The node above, and the side of it: where the leaf's number is written. */
  readonly parent: number;
  readonly side: 'left' | 'right';
}

type Node = { -readonly [K in keyof TreeNode]: TreeNode[K] };

interface Growing extends GrowOptions {
  /** Those that are learned from, in ascending order. */
  readonly rows: Int32Array;
  /** Those that may be asked. */
  readonly features: readonly number[];
  /** What the gradients in the table's memory are worth. */
  readonly unit: Unit;
}

/** Grows a tree by its best leaf (Shi 2007; LightGBM, Ke et al. 2017): always that leaf is split whose split gains most. */
export const growTree = (table: BinnedTable, { rows, features, unit, ...options }: Growing): GrownTree => {
  const { layout, kernels, memory } = table;
  const histograms = createLeafHistograms(table, features, unit);
  const order = new Int32Array(memory, layout.rows, rows.length);
  const left = new Uint8Array(memory, layout.left, 256);
  const nodes: Node[] = [];
  const sides: Uint8Array[] = [];

  const mayBeSplit = (leaf: Leaf): boolean => leaf.depth < options.maxDepth && leaf.rows >= 2 * options.minRows && leaf.rows > 1;
  const withSplit = (leaf: Leaf): Leaf => {
    let best: Split | undefined;
    for (const feature of features) {
      const sums = histograms.read(leaf.slot, feature);
      const found = findSplit({ feature, bins: table.features[feature]!, sums, total: leaf }, options);
      if (found && found.gain > (best?.gain ?? 0)) best = found;
    }
    return { ...leaf, split: best };
  };

  const plant = (): Leaf => {
    order.set(rows);
    histograms.fill(0, 0, rows.length);
    const { gradients, hessians } = histograms.read(0, features[0]!);
    const { bins } = table.features[features[0]!]!;
    const root: Leaf = {
      begin: 0,
      rows: rows.length,
      gradient: total(gradients, bins),
      hessian: total(hessians, bins),
      depth: 0,
      lambda: options.lambda,
      slot: 0,
      parent: -1,
      side: 'left',
    };
    return mayBeSplit(root) ? withSplit(root) : root;
  };

  /** Puts a node in the place of leaf number `at`, which becomes its left child; the right one is a new leaf. */
  const divide = (at: number, { split, ...leaf }: Leaf & { readonly split: Split }): void => {
    const side = sideOf(split);
    left.set(side);
    const count = kernels.partition(layout.rows + 4 * leaf.begin, leaf.rows, layout.column(split.feature), layout.left, layout.scratch);
    const [node, right] = [nodes.length, leaves.length];
    if (leaf.parent >= 0) nodes[leaf.parent]![leaf.side] = node;
    nodes.push({ ...nodeOf(split, table), left: ~at, right: ~right });
    sides.push(side);

    // What is not in the smaller child is in the larger: half the rows need not be read.
    const leftIsSmaller = 2 * count <= leaf.rows;
    const [ofLeft, ofRight] = sumsOf(leaf, split, count);
    const child = { depth: leaf.depth + 1, lambda: split.lambda, parent: node };
    const lower: Leaf = { ...child, ...ofLeft, begin: leaf.begin, slot: leftIsSmaller ? right : leaf.slot, side: 'left' };
    const upper: Leaf = { ...child, ...ofRight, begin: leaf.begin + count, slot: leftIsSmaller ? leaf.slot : right, side: 'right' };
    const isLast = right + 1 === options.maxLeaves;
    const open = isLast ? [] : [lower, upper].filter(mayBeSplit);
    if (open.length > 0) {
      const smaller = leftIsSmaller ? lower : upper;
      histograms.fill(smaller.slot, smaller.begin, smaller.rows);
      histograms.subtract(leaf.slot, smaller.slot);
    }
    leaves[at] = open.includes(lower) ? withSplit(lower) : lower;
    leaves.push(open.includes(upper) ? withSplit(upper) : upper);
  };

  const leaves = [plant()];
  while (leaves.length < options.maxLeaves) {
    const at = bestOf(leaves);
    const leaf = leaves[at]!;
    if (!leaf.split) break;
    divide(at, { ...leaf, split: leaf.split });
  }
  return {
    nodes,
    sides,
    leaves: leaves.map(({ gradient, hessian, lambda }) => leafValue(gradient, hessian + lambda) * options.learningRate),
    rowsOf: (leaf) => order.subarray(leaves[leaf]!.begin, leaves[leaf]!.begin + leaves[leaf]!.rows),
  };
};

const total = (sums: Float64Array, bins: number): number => sums.subarray(0, bins).reduce((a, b) => a + b, 0);

const sumsOf = ({ gradient, hessian, rows }: Sums, { leftGradient, leftHessian }: Split, left: number): [left: Sums, right: Sums] => [
  { gradient: leftGradient, hessian: leftHessian, rows: left },
  { gradient: gradient - leftGradient, hessian: hessian - leftHessian, rows: rows - left },
];

/** Where the second-order estimate of the loss is least. */
const leafValue = (gradient: number, curvature: number): number => (gradient === 0 ? 0 : -gradient / curvature);

const bestOf = (leaves: readonly Leaf[]): number => {
  let best = 0;
  for (const [i, { split }] of leaves.entries()) if ((split?.gain ?? 0) > (leaves[best]!.split?.gain ?? 0)) best = i;
  return best;
};

const sideOf = ({ bin, missingLeft, codes }: Split): Uint8Array => {
  const side = new Uint8Array(256);
  if (codes.length > 0) for (const code of codes) side[code] = 1;
  else {
    side[0] = Number(missingLeft);
    side.fill(1, 1, bin + 1);
  }
  return side;
};

const greatestFloat = Math.fround(3.4028234663852886e38);

const nodeOf = ({ feature, bin, missingLeft, codes, gain }: Split, table: BinnedTable) => ({
  feature,
  // Above the last limit lies nothing but what is missing.
  threshold: codes.length > 0 ? 0 : (table.features[feature]!.limits[bin - 1] ?? greatestFloat),
  missingLeft,
  codes,
  gain,
});
