import { flag, float } from '../attributes.ts';
import type { Shape } from '../../onnx/model.ts';
import { defineOperator } from '../operator.ts';
import type { Tensor } from '../graph.ts';
import { broadcastShapes, misfit } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { transpose } from './shape.ts';

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** A factor of the product, free of cost in training. */
  readonly scale?: number;
}

/**
 * Products of the matrices in the last two axes; the axes before them broadcast. Training graphs hand transposed operands to Microsoft's
 * FusedMatMul, which reads them where they lie. It has no float64, and a model that is shared keeps to ONNX's own operators.
 */
export const matMul = (a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor => {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  if (!transposeA && !transposeB && scale === 1) return product(a, b);
  if (a.graph.training && a.type === 'float32') return fusedProduct(a, b, { transposeA, transposeB, scale });
  const plain = product(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b);
  return scale === 1 ? plain : mul(plain, scale);
};

const product = defineOperator<[a: Tensor, b: Tensor]>({
  shape: ([a, b]) => productShape(a.shape, b.shape),
  emit: (node, [a, b]) => node('MatMul', [a, b]),
  vjp: (dy, _, [a, b]) => [matMul(dy, b, { transposeB: true }), matMul(a, dy, { transposeA: true })],
});

const fusedProduct = defineOperator<[a: Tensor, b: Tensor, options: Required<MatMulOptions>]>({
  shape: ([a, b, { transposeA, transposeB }]) => productShape(turned(a.shape, transposeA), turned(b.shape, transposeB)),
  emit: (node, [a, b, { transposeA, transposeB, scale }]) => {
    const attributes = { transA: flag(transposeA), transB: flag(transposeB), alpha: float(scale) };
    return node('FusedMatMul', [a, b], { domain: 'com.microsoft', attributes });
  },
  vjp: (dy, _, [a, b, { transposeA, transposeB, scale }]) => [
    transposeA ? matMul(b, dy, { transposeA: transposeB, transposeB: true, scale }) : matMul(dy, b, { transposeB: !transposeB, scale }),
    transposeB ? matMul(dy, a, { transposeA: true, transposeB: transposeA, scale }) : matMul(a, dy, { transposeA: !transposeA, scale }),
  ],
});

/** The product of two matrices, either read as its transpose, and a bias that broadcasts to it. */
export const gemm = (
  a: Tensor,
  b: Tensor,
  { bias, transposeA = false, transposeB = false }: Omit<MatMulOptions, 'scale'> & { readonly bias?: Tensor } = {},
): Tensor => gemmOf([a, b, ...(bias ? [bias] : [])], { transposeA, transposeB });

const gemmOf = defineOperator<[operands: readonly Tensor[], options: Required<Omit<MatMulOptions, 'scale'>>]>({
  shape: ([[a, b, bias], { transposeA, transposeB }]) => {
    const shape = productShape(turned(a!.shape, transposeA), turned(b!.shape, transposeB));
    if (shape.length !== 2) throw misfit('Gemm takes two matrices; matMul takes stacks of them');
    return broadcastShapes(shape, bias?.shape ?? []);
  },
  emit: (node, [operands, { transposeA, transposeB }]) =>
    node('Gemm', operands, { attributes: { transA: flag(transposeA), transB: flag(transposeB) } }),
  vjp: (dy, _, [[a, b, bias], { transposeA, transposeB }]) => [
    transposeA ? gemm(b!, dy, { transposeA: transposeB, transposeB: true }) : gemm(dy, b!, { transposeB: !transposeB }),
    transposeB ? gemm(dy, a!, { transposeA: true, transposeB: transposeA }) : gemm(a!, dy, { transposeA: !transposeA }),
    bias && dy,
  ],
});

const productShape = (a: Shape, b: Shape): Shape => {
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
    throw misfit(`Matrices [${a.join(', ')}] and [${b.join(', ')}] cannot be multiplied`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a.at(-2)!, b.at(-1)!];
};
const turned = (shape: Shape, turn: boolean): Shape => (turn ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape);

const transposed = (x: Tensor): Tensor => {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
};
