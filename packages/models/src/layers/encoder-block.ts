import { add, dropout, gelu, layerNorm, type Tensor } from '../autodiff/index.ts';
import { linear, type LinearParams } from './linear.ts';
import { selfAttention, type SelfAttentionParams } from './self-attention.ts';

export interface NormParams {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

export interface EncoderBlockParams {
  readonly attention: SelfAttentionParams;
  readonly attentionNorm: NormParams;
  readonly inner: LinearParams;
  readonly outer: LinearParams;
  readonly outerNorm: NormParams;
}

export interface EncoderBlockOptions {
  readonly heads: number;
  /** Added to the scores of attention; see `attentionMask`. */
  readonly mask?: Tensor;
  /** Of what attention and the inner layer put out. */
  readonly dropoutRate?: number;
  /** Of the shares of attention. */
  readonly attentionDropoutRate?: number;
  readonly epsilon: number;
  readonly activation?: (x: Tensor) => Tensor;
}

/** One layer of BERT's encoder (Devlin et al. 2019): attention, then two linear layers; each is added to what it read and normalised after that. */
export const encoderBlock = (x: Tensor, params: EncoderBlockParams, options: EncoderBlockOptions): Tensor => {
  const { heads, mask, dropoutRate = 0, attentionDropoutRate = 0, epsilon, activation = gelu } = options;
  const attended = selfAttention(x, params.attention, { heads, dropoutRate: attentionDropoutRate, ...(mask && { mask }) });
  const between = layerNorm(add(dropout(attended, dropoutRate), x), { ...params.attentionNorm, epsilon });
  const transformed = linear(activation(linear(between, params.inner)), params.outer);
  return layerNorm(add(dropout(transformed, dropoutRate), between), { ...params.outerNorm, epsilon });
};
