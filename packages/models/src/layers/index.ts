export { bilstm, type BilstmParams, type Pooling, poolStates } from './bilstm.ts';
export { encoderBlock, type EncoderBlockOptions, type EncoderBlockParams, type NormParams } from './encoder-block.ts';
export { linear, type LinearParams } from './linear.ts';
export { selfAttention, type SelfAttentionParams } from './self-attention.ts';
