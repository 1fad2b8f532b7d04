import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Check, gradientError } from '../../testing/gradient-check.ts';
import { floats } from '../constants.ts';
import { createGraph } from '../create-graph.ts';
import type { Tensor } from '../graph.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { layerNorm } from './layer-norm.ts';
import { lstm } from './lstm.ts';
import { gemm, matMul } from './matrix.ts';
import { reduceMax, reduceMean, reduceSum } from './reduce.ts';
import { greater, where } from './select.ts';
import { concat, expand, reshape, slice, split, transpose } from './shape.ts';
import { logSoftmax, softmax } from './softmax.ts';

type Shape = readonly number[];
const size = fc.integer({ min: 1, max: 3 });
const shape = fc.array(size, { minLength: 1, maxLength: 3 });
/** A shape that stretches to the given one: leading axes left out, others 1. */
const stretching = (to: Shape): fc.Arbitrary<Shape> =>
  fc
    .tuple(fc.nat(to.length), fc.array(fc.boolean(), { minLength: to.length, maxLength: to.length }))
    .map(([from, keep]) => to.map((dim, axis) => (keep[axis] ? dim : 1)).slice(from));
const pair = shape.chain((to) =>
  fc.oneof(fc.tuple(fc.constant<Shape>(to), stretching(to)), fc.tuple(stretching(to), fc.constant<Shape>(to))),
);
const withAxes = shape.chain((of) => fc.tuple(fc.constant(of), fc.subarray([...of.keys()], { minLength: 1 }), fc.boolean()));
const withAxis = shape.chain((of) => fc.tuple(fc.constant(of), fc.nat(of.length - 1)));
const two =
  (apply: (a: Tensor, b: Tensor) => Tensor) =>
  ([a, b]: readonly Tensor[]) =>
    apply(a!, b!);
const one =
  (apply: (x: Tensor) => Tensor) =>
  ([x]: readonly Tensor[]) =>
    apply(x!);
const positive = (x: number): number => 1.5 + x;

const families: Readonly<Record<string, fc.Arbitrary<Check>>> = {
  'arithmetic that broadcasts': fc
    .tuple(pair, fc.constantFrom(add, sub, mul, div))
    .map(([shapes, apply]) => ({ shapes, apply: two(apply), value: positive })),
  'where, with a condition that broadcasts': pair.map((shapes) => ({
    shapes,
    apply: two((a, b) => where(greater(a, 1.5), mul(a, a), b)),
    value: positive,
  })),
  reductions: fc
    .tuple(withAxes, fc.constantFrom(reduceSum, reduceMean, reduceMax))
    .map(([[of, axes, keep], reduce]) => ({ shapes: [of], apply: one((x) => reduce(x, { axes, keep })) })),
  'softmax and its logarithm': fc
    .tuple(shape, fc.constantFrom(softmax, logSoftmax))
    .map(([of, apply]) => ({ shapes: [of], apply: one(apply) })),
  'layer norm': shape
    .map((of) => [...of, 4])
    .map((of) => ({
      shapes: [of, [4], [4]],
      apply: ([x, scale, shift]) => layerNorm(x!, { scale: scale!, shift: shift!, epsilon: 0.1 }),
    })),
  'matMul, its batch axes broadcast': fc
    .tuple(pair, fc.tuple(size, size, size), fc.boolean(), fc.boolean())
    .map(([[left, right], [m, k, n], transposeA, transposeB]) => ({
      shapes: [
        [...left, ...(transposeA ? [k, m] : [m, k])],
        [...right, ...(transposeB ? [n, k] : [k, n])],
      ],
      apply: two((a, b) => matMul(a, b, { transposeA, transposeB, scale: 0.5 })),
    })),
  'gemm, its bias broadcast': fc
    .tuple(fc.tuple(size, size, size), fc.boolean(), fc.boolean())
    .chain(([[m, k, n], transposeA, transposeB]) =>
      stretching([m, n]).map((bias) => ({
        shapes: [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n], bias],
        apply: ([a, b, c]) => gemm(a!, b!, { bias: c!, transposeA, transposeB }),
      })),
    ),
  'expand and transpose': shape
    .chain((to) => fc.tuple(stretching(to), fc.constant(to), fc.shuffledSubarray([...to.keys()], { minLength: to.length })))
    .map(([from, to, order]) => ({ shapes: [from], apply: one((x) => transpose(expand(x, to), order)) })),
  'concat and split': fc.tuple(withAxis, fc.array(size, { minLength: 1, maxLength: 3 })).map(([[of, axis], sizes]) => ({
    shapes: sizes.map((along) => of.with(axis, along)),
    // All parts but the first are left unused.
    apply: (parts) => mul(split(concat(parts, axis), sizes, axis)[0]!, 2),
  })),
  'slice and reshape': withAxis.chain(([of, axis]) =>
    fc.tuple(fc.nat(of[axis]! - 1), fc.integer({ min: 1, max: of[axis]! })).map(([a, b]) => {
      const [start, end] = a < b ? [a, b] : [b - 1, a + 1];
      const count = of.with(axis, end - start).reduce((product, dim) => product * dim, 1);
      return { shapes: [of], apply: one((x) => reshape(slice(x, { axis, start, end }), [count])) };
    }),
  ),
  lstm: fc.tuple(size, fc.integer({ min: 1, max: 2 }), size, fc.integer({ min: 1, max: 2 })).map(([length, directions, batch, hidden]) => ({
    shapes: [
      [length, directions, batch, 4 * hidden],
      [directions, hidden, 4 * hidden],
    ],
    apply: two(lstm),
  })),
};

for (const [name, checks] of Object.entries(families)) {
  test(`whatever the shapes, the gradient is that of finite differences: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(checks, async (check) => (await gradientError(check)) < 1e-7),
      { numRuns: 12, seed: 1 },
    );
  });
}

test('shapes that do not fit are refused when the graph is built', () => {
  const graph = createGraph({ training: true });
  const of = (...dims: readonly number[]): Tensor =>
    floats(
      graph,
      Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => 0),
      dims,
    );
  const refused: readonly (() => unknown)[] = [
    () => add(of(2), of(3)),
    () => matMul(of(2, 3), of(2, 3)),
    () => gemm(of(1, 2, 2), of(2, 2)),
    () => reshape(of(4), [3]),
    () => concat([of(2, 2), of(3, 3)], 0),
    () => split(of(3), [1, 1], 0),
    () => slice(of(3), { axis: 0, start: 2, end: 5 }),
    () => reduceSum(of(3), { axes: [1] }),
    () => lstm(of(1, 1, 1, 4), of(1, 1, 5)),
  ];
  for (const [i, wrong] of refused.entries()) assert.throws(wrong, { reason: 'shapes_do_not_fit' }, String(i));
});
