import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDualSolver } from './dual-solver.ts';
import { createRandom } from './random.ts';
import { createMatrixBuilder, type SparseMatrix } from './sparse-matrix.ts';

/** One vector of weights. */
interface LogisticProblem {
  matrix: SparseMatrix;
  sides: Int8Array;
  costs: Float64Array;
  seed: number;
}

interface Drawn {
  rows: number;
  width: number;
  seed: number;
  cost: number;
}

/** Rows of a few values each, some of none, with sides that depend on them in part. */
const aProblem = ({ rows, width, seed, cost }: Drawn): LogisticProblem => {
  const random = createRandom(seed);
  const uniform = (): number => random() / 2 ** 32;
  const builder = createMatrixBuilder(rows, width);
  const sides = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const columns = Int32Array.from({ length: width }, (_, column) => column).filter(() => uniform() < 0.3);
    const values = Float64Array.from(columns, () => uniform() * 2 - 0.5);
    builder.add({ size: columns.length, columns, values });
    sides[row] = (columns[0] ?? 0) % 2 === 0 && uniform() < 0.8 ? 1 : -1;
  }
  return { matrix: builder.matrix(), sides, costs: Float64Array.from({ length: rows }, () => cost * (0.5 + uniform())), seed };
};

const solved = (problem: LogisticProblem, eps = 1e-8) => {
  const { weights, biases } = solvedTogether(problem, [problem.sides], eps);
  return { weights, bias: biases[0]! };
};

const solvedTogether = (problem: LogisticProblem, sides: readonly Int8Array[], eps = 1e-8) => {
  const solver = createDualSolver({ ...problem, sides });
  let open = sides.map((_, vector) => vector);
  for (let epoch = 0; epoch < 20_000; epoch++) {
    const sweeps = solver.sweep(open);
    open = open.filter((_, i) => sweeps[i]!.violation >= eps);
    if (open.length === 0) return solver;
  }
  throw new Error('No solution in 20,000 epochs');
};

const marginOf = ({ matrix, sides }: LogisticProblem, point: readonly number[], row: number): number => {
  let product = point.at(-1)!;
  for (let i = matrix.begins[row]!; i < matrix.begins[row + 1]!; i++) product += point[matrix.columns[i]!]! * matrix.values[i]!;
  return sides[row]! * product;
};

/** A point is all weights, and last the bias. */
const objective = (problem: LogisticProblem, point: readonly number[]): number =>
  problem.sides.reduce(
    (sum, _, row) => sum + problem.costs[row]! * Math.log1p(Math.exp(-marginOf(problem, point, row))),
    point.reduce((sum, w) => sum + (w * w) / 2, 0),
  );

const gradient = (problem: LogisticProblem, point: readonly number[]): number[] => {
  const slopes = [...point];
  const { begins, columns, values } = problem.matrix;
  problem.sides.forEach((side, row) => {
    const pull = (problem.costs[row]! * side) / (1 + Math.exp(marginOf(problem, point, row)));
    for (let i = begins[row]!; i < begins[row + 1]!; i++) slopes[columns[i]!]! -= pull * values[i]!;
    slopes[slopes.length - 1]! -= pull;
  });
  return slopes;
};

const length = (vector: readonly number[]): number => Math.hypot(...vector);
const drawn = fc.record({
  rows: fc.integer({ min: 2, max: 60 }),
  width: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  cost: fc.constantFrom(0.01, 1, 10),
});

test('the gradient that the next test trusts meets finite differences', () => {
  const problem = aProblem({ rows: 40, width: 6, seed: 5, cost: 1 });
  const point = [0.3, -0.2, 0.9, 0, -1.1, 0.4, 0.2];
  const slopes = gradient(problem, point);
  slopes.forEach((slope, i) => {
    const beside = (by: number): number[] => point.map((w, j) => (i === j ? w + by : w));
    const difference = (objective(problem, beside(1e-5)) - objective(problem, beside(-1e-5))) / 2e-5;
    assert.ok(Math.abs(slope - difference) < 1e-7, `${i}: ${slope} is not ${difference}`);
  });
});

test('at the solution the gradient of the primal is zero', () => {
  fc.assert(
    fc.property(drawn, (draw) => {
      const problem = aProblem(draw);
      const { weights, bias } = solved(problem);
      const atStart = length(gradient(problem, [...weights.map(() => 0), 0]));
      const atEnd = length(gradient(problem, [...weights, bias]));
      assert.ok(
        atEnd <=
          1e-7 *
            Math.max(
              atStart,
              problem.costs.reduce((a, b) => a + b),
            ),
        `${atEnd} from ${atStart}`,
      );
    }),
    { numRuns: 50 },
  );
});

test('the usual precision is within a millionth of the least objective', () => {
  const problem = aProblem({ rows: 400, width: 40, seed: 3, cost: 1 });
  const [usual, exact] = [solved(problem, 0.01), solved(problem)].map(({ weights, bias }) => objective(problem, [...weights, bias]));
  assert.ok(usual! - exact! < 1e-6 * exact!, `${usual} against ${exact}`);
});

test('a seed gives the same bits, and any other the same solution', () => {
  const problem = aProblem({ rows: 60, width: 8, seed: 11, cost: 1 });
  assert.deepEqual(solved(problem), solved(problem));
  const other = solved({ ...problem, seed: 12 });
  solved(problem).weights.forEach((w, i) => assert.ok(Math.abs(w - other.weights[i]!) < 1e-6));
});

test('a row of double cost counts as two rows', () => {
  const once = aProblem({ rows: 30, width: 5, seed: 2, cost: 1 });
  const twice = createMatrixBuilder(60, 5);
  const { begins, columns, values } = once.matrix;
  const order = Array.from({ length: 60 }, (_, i) => i % 30);
  for (const row of order) {
    const [from, to] = [begins[row]!, begins[row + 1]!];
    twice.add({ size: to - from, columns: columns.slice(from, to), values: values.slice(from, to) });
  }
  const repeated = {
    matrix: twice.matrix(),
    sides: Int8Array.from(order, (row) => once.sides[row]!),
    costs: Float64Array.from(order, (row) => once.costs[row]!),
    seed: 1,
  };
  const doubled = solved({ ...once, costs: once.costs.map((cost) => 2 * cost) });
  solved(repeated).weights.forEach((w, i) => assert.ok(Math.abs(w - doubled.weights[i]!) < 1e-6));
});

test('vectors that are solved together are those that are solved alone, to the bit', () => {
  const problem = aProblem({ rows: 50, width: 6, seed: 4, cost: 1 });
  const others = problem.sides.map((side, row) => (row % 3 === 0 ? -side : side));
  const together = solvedTogether(problem, [problem.sides, others]);
  for (const [vector, sides] of [problem.sides, others].entries()) {
    const alone = solved({ ...problem, sides });
    assert.deepEqual(
      together.weights.filter((_, i) => i % 2 === vector),
      alone.weights,
    );
    assert.equal(together.biases[vector], alone.bias);
  }
});

test('the loss of a sweep is the mean over its rows', () => {
  const problem = aProblem({ rows: 3000, width: 6, seed: 4, cost: 1e-9 });
  // Costs so small that the weights stay at 0 but for rounding.
  const [{ loss } = { loss: 0 }] = createDualSolver({ ...problem, sides: [problem.sides] }).sweep([0]);
  assert.ok(Math.abs(loss - Math.LN2) < 1e-6, `${loss}`);
});
