import type { Tensor } from '../graph.ts';
import { add, mul, sub } from './arithmetic.ts';
import { dropout } from './dropout.ts';
import { matMul } from './matrix.ts';
import { toFloat } from './select.ts';
import { reshape } from './shape.ts';
import { softmax } from './softmax.ts';

export interface AttentionOptions {
  /** Added to the scores, to which it broadcasts; see `attentionMask`. */
  readonly mask?: Tensor;
  /** Of the shares. */
  readonly dropoutRate?: number;
}

/** softmax(q kᵀ / √width) v over the last two axes (Vaswani et al. 2017, section 3.2.1): q, k, v [batch, heads, length, width]. */
export const attention = ({ q, k, v }: Record<'q' | 'k' | 'v', Tensor>, { mask, dropoutRate = 0 }: AttentionOptions = {}): Tensor => {
  const scores = matMul(q, k, { transposeB: true, scale: 1 / Math.sqrt(Number(q.shape.at(-1))) });
  return matMul(dropout(softmax(mask ? add(scores, mask) : scores), dropoutRate), v);
};

/** From 1 where there is a token and 0 where there is none (int64 [batch, length]) to what is added to scores [batch, heads, length, length]. */
export const attentionMask = (tokens: Tensor): Tensor => {
  const [batch, length] = tokens.shape;
  return reshape(mul(sub(1, toFloat(tokens)), -1e9), [batch!, 1, 1, length!]);
};
