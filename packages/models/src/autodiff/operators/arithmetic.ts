import { defineOperator, type Operator, tensorsOf } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { broadcastShapes, type Operand } from '../tensor.ts';

type Vjp<Args extends readonly unknown[]> = NonNullable<Operator<Args>['vjp']>;

/** Element by element, of two tensors that broadcast, or of one and a number. */
type Binary = (a: Operand, b: Operand) => Tensor;
const binary = (op: string, vjp: Vjp<[a: Tensor, b: Tensor]>): Binary => {
  const apply = defineOperator<[a: Tensor, b: Tensor]>({
    shape: ([a, b]) => broadcastShapes(a.shape, b.shape),
    emit: (node, [a, b]) => node(op, [a, b]),
    vjp,
  });
  return (a, b) => apply(...tensorsOf(a, b));
};

export const add: Binary = binary('Add', (dy) => [dy, dy]);
export const sub: Binary = binary('Sub', (dy) => [dy, neg(dy)]);
export const mul: Binary = binary('Mul', (dy, _, [a, b]) => [mul(dy, b), mul(dy, a)]);
export const div: Binary = binary('Div', (dy, [y], [, b]) => [div(dy, b), neg(div(mul(dy, y), b))]);

/** Element by element, of one tensor. */
export type Unary = (x: Tensor) => Tensor;
export const unary = (op: string, vjp: Vjp<[x: Tensor]>): Unary =>
  defineOperator<[x: Tensor]>({ shape: ([x]) => x.shape, emit: (node, [x]) => node(op, [x]), vjp });

export const neg: Unary = unary('Neg', (dy) => [neg(dy)]);
export const exp: Unary = unary('Exp', (dy, [y]) => [mul(dy, y)]);
export const log: Unary = unary('Log', (dy, _, [x]) => [div(dy, x)]);
export const sqrt: Unary = unary('Sqrt', (dy, [y]) => [div(dy, mul(2, y))]);
