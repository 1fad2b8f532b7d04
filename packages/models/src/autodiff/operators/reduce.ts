import { flag } from '../attributes.ts';
import { integers, shapeValue } from '../constants.ts';
import type { Shape } from '../../onnx/model.ts';
import { defineOperator, type Emit } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { axisOf, sameShape } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { equal, toFloat } from './select.ts';
import { expand, reshape } from './shape.ts';

export interface ReduceOptions {
  /** All of them where none is named. */
  readonly axes?: readonly number[];
  /** Whether reduced axes stay, with size 1. */
  readonly keep?: boolean;
}
type Args = [x: Tensor, options?: ReduceOptions];
type Reduce = (...args: Args) => Tensor;

export const reduceSum: Reduce = defineOperator<Args>({
  shape: (args) => reducedShape(args),
  emit: (node, args) => emitReduce(node, 'ReduceSum', args),
  vjp: (dy, _, args) => [expand(reshape(dy, keptShape(args)), args[0].shape)],
});

export const reduceMean: Reduce = defineOperator<Args>({
  shape: (args) => reducedShape(args),
  emit: (node, args) => emitReduce(node, 'ReduceMean', args),
  vjp: (dy, _, args) => {
    const [x] = args;
    const share = axesOf(args).reduce(
      (part, axis) => div(part, toFloat(shapeValue(x.graph, [x.shape[axis]!]))),
      reshape(dy, keptShape(args)),
    );
    return [expand(share, x.shape)];
  },
});

/** The greatest; entries that share the first place share the gradient. */
export const reduceMax: Reduce = defineOperator<Args>({
  shape: (args) => reducedShape(args),
  emit: (node, args) => emitReduce(node, 'ReduceMax', args),
  vjp: (dy, [y], args) => {
    const [x, options] = args;
    const isFirst = toFloat(equal(x, reshape(y, keptShape(args))));
    return [mul(isFirst, div(reshape(dy, keptShape(args)), reduceSum(isFirst, { ...options, keep: true })))];
  },
});

const axesOf = ([{ shape }, options]: Args): number[] => (options?.axes ?? shape.map((_, axis) => axis)).map((axis) => axisOf(shape, axis));
const keptShape = (args: Args): Shape => args[0].shape.map((dim, axis) => (axesOf(args).includes(axis) ? 1 : dim));
const reducedShape = (args: Args): Shape =>
  args[1]?.keep ? keptShape(args) : args[0].shape.filter((_, axis) => !axesOf(args).includes(axis));
const emitReduce = (node: Emit, op: string, args: Args): Tensor =>
  node(op, [args[0], integers(args[0].graph, axesOf(args))], { attributes: { keepdims: flag(args[1]?.keep ?? false) } });

/** The gradient of a broadcast: summed over the axes that were stretched or put in front. */
export const unbroadcast = (gradient: Tensor, shape: Shape): Tensor => {
  if (sameShape(gradient.shape, shape)) return gradient;
  const front = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, axis) => (axis < front || (shape[axis - front] === 1 && dim !== 1) ? [axis] : []));
  return axes.length === 0 ? expand(gradient, shape) : reshape(reduceSum(gradient, { axes, keep: true }), shape);
};
