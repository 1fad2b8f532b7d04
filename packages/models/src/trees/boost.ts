import { createRandom, shuffle } from '../linear/random.ts';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { type BinnedTable, binTable, type Feature } from './binned-table.ts';
import type { Forest, Tree } from './forest.ts';
import { growTree, type GrowOptions, type GrownTree } from './grow-tree.ts';
import type { Objective } from './objective.ts';

export interface BoostOptions extends GrowOptions {
  readonly rounds: number;
  /** Of the rows, and of the features, each tree sees this share, drawn anew. */
  readonly rowShare: number;
  readonly featureShare: number;
  /** Bins of a number, missing ones aside. */
  readonly maxBins: number;
  /** Stop when the validation loss was no better for so many rounds, and keep the best; 0 for never. */
  readonly patience: number;
  readonly seed: number;
}

interface Side {
  readonly features: readonly Feature[];
  readonly rows: number;
  readonly objective: Objective;
}
export interface Boosting {
  readonly train: Side;
  readonly validation?: Side | undefined;
  readonly options: BoostOptions;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
}

const roundsPerTrainLoss = 10;

/** Gradient boosting with second derivatives and histograms (Friedman 2001; Chen and Guestrin 2016). The same seed gives the same forest, bit for bit. */
export const boost = async ({ train, validation, options, hooks, pace }: Boosting): Promise<Forest> => {
  const { objective } = train;
  const { outputs } = objective;
  const table = binTable(train.features, train.rows, { maxBins: options.maxBins, seed: options.seed, slots: options.maxLeaves });
  const gradients = new Int32Array(table.memory, table.layout.gradients, 2 * train.rows);
  const scores = baseScores(objective.base, train.rows);
  const follower = validation && followValidation(validation, table, objective.base);
  const draw = createDraw(train.rows, train.features.length, options);
  const trees: Tree[] = [];
  let best = { loss: Infinity, round: 0 };

  for (let round = 1; round <= options.rounds; round++) {
    objective.begin(scores);
    const { rows, isSample } = draw.rows();
    let hasSplit = false;
    // Every tree of a round starts from the same scores: they are added when the round is over, by output.
    for (let output = 0; output < outputs; output++) {
      const unit = objective.write(output, gradients);
      const tree = growTree(table, { ...options, rows, features: draw.features(), unit });
      hasSplit ||= tree.nodes.length > 0;
      addTree(scores, tree, { output, outputs, table: isSample ? table : undefined });
      follower?.add(tree, output, outputs);
      trees.push({ nodes: tree.nodes, leaves: tree.leaves });
    }
    if (hooks.metric && (round % roundsPerTrainLoss === 0 || round === 1)) hooks.metric('train_loss', objective.loss(scores), round);
    if (follower) {
      const loss = follower.loss();
      hooks.metric?.('validation_loss', loss, round);
      if (loss < best.loss) best = { loss, round };
      if (options.patience > 0 && round - best.round >= options.patience) break;
    }
    // Nothing is left to learn from these rows; another sample may have something.
    if (!hasSplit && !isSample && options.featureShare === 1) break;
    pace.reach(round / options.rounds);
    await pace.pause();
  }
  const kept = follower && options.patience > 0 ? best.round * outputs : trees.length;
  hooks.log?.(`${trees.length} trees${kept < trees.length ? `, of which the first ${kept} were best on validation rows` : ''}`);
  return { base: objective.base, trees: trees.slice(0, kept) };
};

const baseScores = (base: readonly number[], rows: number): Float64Array => {
  const scores = new Float64Array(rows * base.length);
  for (let row = 0; row < rows; row++) scores.set(base, row * base.length);
  return scores;
};

/** Rows that the tree was grown from lie sorted by its leaves; the others, which a sample has left out, walk down from the root. */
const addTree = (
  scores: Float64Array,
  tree: GrownTree,
  { output, outputs, table }: { output: number; outputs: number; table: BinnedTable | undefined },
): void => {
  if (table) {
    const cells = new Uint8Array(table.memory);
    const columns = table.features.map((_, feature) => table.layout.column(feature));
    for (let row = 0; row < table.rows; row++) {
      scores[row * outputs + output]! += tree.leaves[leafOf(tree, (feature) => cells[columns[feature]! + row]!)]!;
    }
    return;
  }
  for (const [leaf, value] of tree.leaves.entries()) {
    const rows = tree.rowsOf(leaf);
    for (let i = 0; i < rows.length; i++) scores[rows[i]! * outputs + output]! += value;
  }
};

const leafOf = ({ nodes, sides }: GrownTree, binOf: (feature: number) => number): number => {
  let at = nodes.length > 0 ? 0 : -1;
  while (at >= 0) {
    const node = nodes[at]!;
    at = sides[at]![binOf(node.feature)]! === 1 ? node.left : node.right;
  }
  return ~at;
};

/** Rows that are not learned from, in the bins of those that are. */
const followValidation = ({ features, rows, objective }: Side, table: BinnedTable, base: readonly number[]) => {
  const columns = features.map(({ values }, i) => table.binsOf(i, values()));
  const scores = baseScores(base, rows);
  return {
    add: (tree: GrownTree, output: number, outputs: number): void => {
      for (let row = 0; row < rows; row++)
        scores[row * outputs + output]! += tree.leaves[leafOf(tree, (feature) => columns[feature]![row]!)]!;
    },
    loss: (): number => objective.loss(scores),
  };
};

/** Which rows a round uses, and which features a tree: in ascending order, by the seed. */
const createDraw = (rows: number, features: number, { rowShare, featureShare, seed }: BoostOptions) => {
  const random = createRandom(seed);
  const allRows = Int32Array.from({ length: rows }, (_, row) => row);
  const allFeatures = Int32Array.from({ length: features }, (_, feature) => feature);
  const drawn = (all: Int32Array, share: number): Int32Array => {
    const order = all.slice();
    shuffle(order, random);
    return order.subarray(0, Math.max(1, Math.round(share * all.length))).sort();
  };
  return {
    rows: () => (rowShare === 1 ? { rows: allRows, isSample: false } : { rows: drawn(allRows, rowShare), isSample: true }),
    features: (): readonly number[] => [...(featureShare === 1 ? allFeatures : drawn(allFeatures, featureShare))],
  };
};
