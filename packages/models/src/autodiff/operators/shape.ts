import { int, ints } from '../attributes.ts';
import { floats, integers, shapeValue } from '../constants.ts';
import type { Dim, Shape } from '../../onnx/model.ts';
import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { axisOf, broadcastShapes, misfit, sameShape, sizeOf } from '../tensor.ts';

/** The same numbers in another shape of the same size. */
export const reshape = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : reshaped(x, shape));
const reshaped = defineOperator<[x: Tensor, shape: Shape]>({
  shape: ([x, shape]) => {
    if (sizeOf(x.shape) !== sizeOf(shape)) throw misfit(`[${x.shape.join(', ')}] has not as many entries as [${shape.join(', ')}]`);
    return shape;
  },
  emit: (node, [x, shape]) => node('Reshape', [x, shapeValue(x.graph, shape)]),
  vjp: (dy, _, [x]) => [reshape(dy, x.shape)],
});

/** Broadcast to a shape. */
export const expand = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : expanded(x, shape));
const expanded = defineOperator<[x: Tensor, shape: Shape]>({
  shape: ([x, shape]) => broadcastShapes(x.shape, shape),
  emit: (node, [x, shape]) => node('Expand', [x, shapeValue(x.graph, shape)]),
  vjp: (dy) => [dy],
});

/** The axes in another order: axis i of the result is axis `order[i]` of `x`. */
export const transpose: (x: Tensor, order: readonly number[]) => Tensor = defineOperator<[x: Tensor, order: readonly number[]]>({
  shape: ([x, order]) => order.map((axis) => x.shape[axis]!),
  emit: (node, [x, order]) => node('Transpose', [x], { attributes: { perm: ints(order) } }),
  vjp: (dy, _, [, order]) => [transpose(dy, inverse(order))],
});
const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** One after the other along an axis. */
export const concat = defineOperator<[parts: readonly Tensor[], axis: number]>({
  shape: ([parts, axis]) => {
    const { shape } = parts[0]!;
    const along = axisOf(shape, axis);
    const others = (of: Shape): Shape => of.toSpliced(along, 1);
    if (!parts.every((part) => sameShape(others(part.shape), others(shape)))) {
      throw misfit('Only tensors that agree in all other axes can be concatenated');
    }
    return shape.with(along, sum(sizesAlong(axis, parts)));
  },
  emit: (node, [parts, axis]) => node('Concat', parts, { attributes: { axis: int(axis) } }),
  vjp: (dy, _, [parts, axis]) => split(dy, sizesAlong(axis, parts), axis),
});

/** Parts of these sizes along an axis. */
export const split = (x: Tensor, sizes: readonly number[], axis: number): Tensor[] => {
  const { graph, type, shape } = x;
  const along = axisOf(shape, axis);
  if (sum(sizes) !== shape[along]) throw misfit(`Parts of ${sizes.join(', ')} do not make up an axis of ${shape[along]}`);
  const types = sizes.map((size) => ({ type, shape: shape.with(along, size) }));
  const outputs = graph.node({ op: 'Split', inputs: [x, integers(graph, sizes)], outputs: types, attributes: { axis: int(along) } });
  // Nothing flows back from a part that is not used; its place is filled with zeros.
  const whole = (dys: readonly (Tensor | undefined)[]): readonly Tensor[] =>
    dys.map((dy, i) => dy ?? expand(floats(graph, [0]), types[i]!.shape));
  graph.tape.push({ inputs: [x], outputs, vjp: (dys) => [concat(whole(dys), along)] });
  return [...outputs];
};

const sizesAlong = (axis: number, parts: readonly Tensor[]): number[] =>
  parts.map(({ shape }) => {
    const size = shape.at(axis);
    if (typeof size !== 'number') throw misfit('An axis of which the size is not known cannot be concatenated');
    return size;
  });
const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

export interface SliceOptions {
  readonly axis: number;
  /** The first entry; 0 where it is not given. */
  readonly start?: number;
  /** After the last entry: a size, known or named. */
  readonly end: Dim;
}

/** Some entries along one axis. */
export const slice = defineOperator<[x: Tensor, range: SliceOptions]>({
  shape: ([{ shape }, { axis, start = 0, end }]) => {
    const size = shape[axisOf(shape, axis)]!;
    if (typeof end === 'string' ? start !== 0 : start >= end || (typeof size === 'number' && end > size)) {
      throw misfit(`${start} to ${end} does not lie in an axis of ${size}`);
    }
    return shape.with(axisOf(shape, axis), typeof end === 'string' ? end : end - start);
  },
  emit: (node, [x, { axis, start = 0, end }]) => {
    const { graph, shape } = x;
    return node('Slice', [x, integers(graph, [start]), shapeValue(graph, [end]), integers(graph, [axisOf(shape, axis)])]);
  },
  vjp: (dy, _, [x, range]) => [padded(dy, x, range)],
});

/** The slice put back among zeros. */
const padded = defineOperator<[dy: Tensor, x: Tensor, range: SliceOptions]>({
  shape: ([, x]) => x.shape,
  emit: (node, [dy, { graph, shape }, { axis, start = 0, end }]) => {
    const along = axisOf(shape, axis);
    const [after] = graph.node({
      op: 'Sub',
      inputs: [shapeValue(graph, [shape[along]!]), shapeValue(graph, [end])],
      outputs: [{ type: 'int64', shape: [1] }],
    });
    const [pads] = graph.node({
      op: 'Concat',
      inputs: [integers(graph, [start]), after!],
      outputs: [{ type: 'int64', shape: [2] }],
      attributes: { axis: int(0) },
    });
    return node('Pad', [dy, pads!, floats(graph, [0]), integers(graph, [along])]);
  },
});
