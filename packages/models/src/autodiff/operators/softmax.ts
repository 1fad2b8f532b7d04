import { int } from '../attributes.ts';
import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { exp, mul, sub, type Unary } from './arithmetic.ts';
import { reduceSum } from './reduce.ts';

const last = { axes: [-1], keep: true } as const;

/** Shares that sum to one along the last axis. */
export const softmax: Unary = defineOperator<[x: Tensor]>({
  shape: ([x]) => x.shape,
  emit: (node, [x]) => node('Softmax', [x], { attributes: { axis: int(-1) } }),
  vjp: (dy, [y]) => [mul(y, sub(dy, reduceSum(mul(dy, y), last)))],
});

/** Their logarithms, exact where a share is too small for a float. */
export const logSoftmax: Unary = defineOperator<[x: Tensor]>({
  shape: ([x]) => x.shape,
  emit: (node, [x]) => node('LogSoftmax', [x], { attributes: { axis: int(-1) } }),
  vjp: (dy, [y]) => [sub(dy, mul(exp(y), reduceSum(dy, last)))],
});
