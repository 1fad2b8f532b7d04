import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '@boucle/statistics';
import { createPace } from '../training-pace.ts';
import { boost, type BoostOptions } from './boost.ts';
import { createForestScorer, type FeatureValues, type Forest, forestImportance } from './forest.ts';
import { binaryLogLoss, type Objective, softmaxLogLoss, squaredError } from './objective.ts';

const options: BoostOptions = {
  rounds: 8,
  learningRate: 0.3,
  maxLeaves: 6,
  maxDepth: Infinity,
  lambda: 0.1,
  minRows: 1,
  minWeight: 1e-3,
  minGain: 0,
  rowShare: 1,
  featureShare: 1,
  maxBins: 255,
  patience: 0,
  seed: 5,
};

interface Kinds {
  readonly columns: readonly FeatureValues[];
  readonly kinds: readonly ('number' | 'category')[];
}
const featuresOf = ({ columns, kinds }: Kinds) => columns.map((column, i) => ({ kind: kinds[i]!, values: () => column }));
const grow = (table: Kinds, objective: Objective, changed: Partial<BoostOptions> = {}): Promise<Forest> =>
  boost({
    train: { features: featuresOf(table), rows: table.columns[0]!.length, objective },
    options: { ...options, ...changed },
    hooks: {},
    pace: createPace({}),
  });

/** A table of two numbers, some missing, and a category, on which the target depends. */
const tableOf = (rows: number, seed: number) => {
  const random = createRandom(seed);
  const number = (): number => 4 * random.uniform() - 2;
  const column = (draw: () => number): Float32Array => Float32Array.from({ length: rows }, draw);
  const columns = [
    column(number),
    column(() => (random.uniform() < 0.2 ? Number.NaN : number())),
    column(() => Math.floor(random.uniform() * 12)),
  ];
  const targets = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b, code] = columns.map((values) => values[row]!);
    return a! * (code! % 3) + (Number.isNaN(b!) ? 1 : b!) + 0.1 * number();
  });
  return { columns, kinds: ['number', 'number', 'category'] as const, targets };
};
const seeds = fc.integer({ min: 1, max: 1e6 });

test('each round lowers the loss on the rows it learns from', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.constantFrom('squared', 'binary', 'softmax'), async (seed, kind) => {
      const { targets, ...table } = tableOf(60, seed);
      const classes = Uint16Array.from(targets, (target) =>
        kind === 'binary' ? Number(target > 0) : target > 0.5 ? 2 : target > -0.5 ? 1 : 0,
      );
      const objective =
        kind === 'squared' ? squaredError(targets) : kind === 'binary' ? binaryLogLoss(classes) : softmaxLogLoss(classes, 3);
      const forest = await grow(table, objective);
      let last = Infinity;
      for (let trees = 0; trees <= forest.trees.length; trees += objective.outputs) {
        const score = createForestScorer({ base: forest.base, trees: forest.trees.slice(0, trees) });
        const loss = objective.loss(score(table.columns, 60));
        assert.ok(loss < last + 1e-12, `${loss} after ${trees} trees, ${last} before`);
        last = loss;
      }
    }),
    { numRuns: 30 },
  );
});

test('a seed gives the same forest to the bit, and another one another sample', async () => {
  const { targets, ...table } = tableOf(300, 1);
  const sampled = { rowShare: 0.5, featureShare: 0.7 };
  const first = await grow(table, squaredError(targets), sampled);
  assert.deepEqual(await grow(table, squaredError(targets), sampled), first);
  assert.notDeepEqual(await grow(table, squaredError(targets), { ...sampled, seed: 6 }), first);
});

test('the order of the rows decides nothing', async () => {
  const { targets, ...table } = tableOf(200, 2);
  const turned = { ...table, columns: table.columns.map((column) => column.toReversed()) };
  const score = createForestScorer(await grow(table, squaredError(targets)));
  const again = createForestScorer(await grow(turned, squaredError(targets.toReversed())));
  const [forward, backward] = [score(table.columns, 200), again(turned.columns, 200).reverse()];
  for (const [row, value] of forward.entries()) assert.ok(Math.abs(value - backward[row]!) < 1e-7);
  // In prediction, each row is by itself.
  assert.deepEqual(score(turned.columns, 200).reverse(), forward);
});

test('leaves stay within their limits', async () => {
  const { targets, ...table } = tableOf(200, 3);
  const { trees } = await grow(table, squaredError(targets), { maxLeaves: 5, maxDepth: 2 });
  assert.ok(trees.every(({ leaves, nodes }) => leaves.length <= 4 && nodes.length === leaves.length - 1));
  const wide = await grow(table, squaredError(targets), { minRows: 50 });
  assert.ok(wide.trees.every(({ leaves }) => leaves.length <= 4));
});

test('validation rows end the training, and the best round is kept', async () => {
  const { targets, ...table } = tableOf(200, 4);
  const noise = createRandom(9);
  const classes = Uint16Array.from(targets, () => Number(noise.uniform() < 0.5));
  const other = tableOf(100, 5);
  const losses: number[] = [];
  const forest = await boost({
    train: { features: featuresOf(table), rows: 200, objective: binaryLogLoss(classes) },
    validation: {
      features: featuresOf(other),
      rows: 100,
      objective: binaryLogLoss(Uint16Array.from(other.targets, () => Number(noise.uniform() < 0.5))),
    },
    options: { ...options, rounds: 100, patience: 3 },
    hooks: { metric: (name, value) => void (name === 'validation_loss' && losses.push(value)) },
    pace: createPace({}),
  });
  assert.ok(losses.length < 100);
  assert.equal(forest.trees.length, losses.indexOf(Math.min(...losses)) + 1);
});

test('training stops when nothing is left to split, and hears its signal', async () => {
  const columns = [Float32Array.of(1, 1, 2, 2)];
  const kinds = ['number' as const];
  const { trees } = await grow({ columns, kinds }, squaredError(Float64Array.of(0, 0, 1, 1)), { learningRate: 1, lambda: 0, rounds: 50 });
  assert.ok(trees.length <= 3);
  const { targets, ...table } = tableOf(50, 1);
  const stop = new AbortController();
  const progress = (done: number): void => void (done > 300 && stop.abort(new Error('enough')));
  const hooks = { signal: stop.signal, progress };
  const training = boost({
    train: { features: featuresOf(table), rows: 50, objective: squaredError(targets) },
    options,
    hooks,
    pace: createPace(hooks),
  });
  await assert.rejects(training, /enough/);
});

test('the importance of a feature that says nothing is nought', async () => {
  const { targets, columns, kinds } = tableOf(200, 6);
  const constant = new Float32Array(200);
  const forest = await grow({ columns: [...columns, constant], kinds: [...kinds, 'number'] }, squaredError(targets));
  const { gain, splits } = forestImportance(forest, 4);
  assert.ok(gain.slice(0, 3).every((one) => one > 0) && splits.slice(0, 3).every((one) => one > 0));
  assert.deepEqual([gain[3], splits[3]], [0, 0]);
});
