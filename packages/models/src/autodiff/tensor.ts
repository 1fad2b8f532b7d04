import { invalid } from '@boucle/contract';
import type { Dim, Shape } from '../onnx/model.ts';
import type { Tensor } from './graph.ts';

/** What the arithmetic takes: a number is a constant of the other's graph. */
export type Operand = Tensor | number;

export const isTensor = (value: unknown): value is Tensor => typeof value === 'object' && value !== null && 'graph' in value;

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, axis) => dim === b[axis]);

/** An axis counted from the front; -1 is the last. */
export const axisOf = (shape: Shape, axis: number): number => {
  const front = axis < 0 ? axis + shape.length : axis;
  if (front < 0 || front >= shape.length) throw misfit(`Axis ${axis} is not one of [${shape.join(', ')}]`);
  return front;
};

/** The product of sizes; of names it is a name, which says only that it is known when the model runs. */
export const sizeOf = (shape: Shape): Dim => {
  const known = shape.reduce<number>((size, dim) => (typeof dim === 'number' ? size * dim : size), 1);
  const names = shape.filter((dim) => typeof dim === 'string');
  if (names.length === 0) return known;
  return known === 1 ? names.join('*') : [known, ...names].join('*');
};

/** NumPy's rule: shapes are aligned at their last axis, and an axis of 1 stretches. */
export const broadcastShapes = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: Shape): Shape => [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
  const other = padded(b);
  return padded(a).map((dim, axis) => {
    const against = other[axis]!;
    if (dim === against || against === 1) return dim;
    if (dim === 1) return against;
    throw misfit(`Shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
  });
};

export const misfit = (message: string): Error => invalid(message, 'shapes_do_not_fit');
