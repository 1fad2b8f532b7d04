import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { add, exp, mul, sub, type Unary, unary } from './arithmetic.ts';
import { greater, where } from './select.ts';

export const sigmoid: Unary = unary('Sigmoid', (dy, [y]) => [mul(dy, mul(y, sub(1, y)))]);
export const tanh: Unary = unary('Tanh', (dy, [y]) => [mul(dy, sub(1, mul(y, y)))]);
export const relu: Unary = unary('Relu', (dy, [y]) => [where(greater(y, 0), dy, 0)]);
const erf: Unary = unary('Erf', (dy, _, [x]) => [mul(dy, mul(2 / Math.sqrt(Math.PI), exp(mul(-1, mul(x, x)))))]);

/** x Φ(x), with Φ the normal distribution's function (Hendrycks and Gimpel 2016). Its slope is Φ(x) + x φ(x). float32 only: onnxruntime has no other. */
export const gelu: Unary = defineOperator<[x: Tensor]>({
  shape: ([x]) => x.shape,
  emit: (node, [x]) => node('Gelu', [x]),
  vjp: (dy, _, [x]) => {
    const s = mul(x, Math.SQRT1_2);
    const density = mul(s, exp(mul(s, mul(-1, s))));
    return [mul(dy, add(mul(add(erf(s), 1), 0.5), mul(density, 1 / Math.sqrt(Math.PI))))];
  },
});

/** Its approximation by x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³), as in BERT's first code and GPT-2. */
export const geluTanh: Unary = (x) => {
  const u = mul(mul(x, add(mul(mul(x, x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(u), 1));
};
