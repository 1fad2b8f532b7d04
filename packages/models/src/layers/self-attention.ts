import { attention, type AttentionOptions, reshape, type Tensor, transpose } from '../autodiff/index.ts';
import { linear, type LinearParams } from './linear.ts';

export interface SelfAttentionParams {
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly output: LinearParams;
}

/** Multi-head attention of x [batch, length, width] to itself (Vaswani et al. 2017, section 3.2.2). */
export const selfAttention = (
  x: Tensor,
  params: SelfAttentionParams,
  { heads, ...options }: AttentionOptions & { readonly heads: number },
): Tensor => {
  const [batch, length, width] = x.shape;
  const head = (projection: LinearParams): Tensor => {
    const { weight } = projection;
    return transpose(reshape(linear(x, projection), [batch!, length!, heads, Number(weight.shape[1]) / heads]), [0, 2, 1, 3]);
  };
  const context = attention({ q: head(params.query), k: head(params.key), v: head(params.value) }, options);
  return linear(reshape(transpose(context, [0, 2, 1, 3]), [batch!, length!, width!]), params.output);
};
