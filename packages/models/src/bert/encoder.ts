import {
  add,
  attentionMask,
  defineModel,
  dropout,
  embedding,
  gelu,
  geluTanh,
  type Initializer,
  int64,
  layerNorm,
  matMul,
  type Model,
  normal,
  ones,
  type Param,
  param,
  relu,
  reshape,
  slice,
  tag,
  tanh,
  type Tensor,
  zeros,
} from '../autodiff/index.ts';
import { encoderBlock, type EncoderBlockParams, type NormParams } from '../layers/encoder-block.ts';
import { linear, type LinearParams } from '../layers/linear.ts';
import type { BertActivation, BertConfig } from './config.ts';
import { adaptersOf, type Lora } from './lora.ts';
import { type BertParameter, encoderParameters } from './parameters.ts';

/** As Hugging Face calls them; both int64 [batch, length]. The mask is 1 where there is a token and 0 where rows are filled up. */
export const inputNames = { ids: 'input_ids', mask: 'attention_mask' } as const;

/** Where words are looked up, and the tag of what was found: [batch, length, hidden]. */
export const wordTable = 'embeddings.word';
export const wordsTag = 'embedded';

export interface BertDefinition {
  readonly classes: number;
  /** Of states, of attention and before the classifier alike; without it as the config says. */
  readonly dropout?: number | undefined;
  readonly lora?: Lora | undefined;
}

/** An encoder with pooler and a linear classifier: [batch, classes] logits, as `BertForSequenceClassification` of transformers has them. */
export const defineBertClassifier = (config: BertConfig, { classes, dropout: rate, lora }: BertDefinition): Model => {
  const { hiddenSize } = config;
  const classifier = { 'classifier.weight': param([hiddenSize, classes], normal(0.02)), 'classifier.bias': param([classes], zeros) };
  const rates = rate === undefined ? {} : { hiddenDropout: rate, attentionDropout: rate };
  const encoder: Encoder = { config: { ...config, ...rates }, lora };
  return defineModel({ params: { ...encoderParams(encoder), ...classifier }, inputs }, (p, x) => {
    const pooled = pool(encode(p, x, encoder), p);
    return linear(dropout(pooled, encoder.config.hiddenDropout), linearParams(p, 'classifier'));
  });
};

/** The encoder alone, without its pooler: the last states, [batch, length, hidden]. */
export const defineBertEncoder = (config: BertConfig): Model => {
  const { 'pooler.weight': _weight, 'pooler.bias': _bias, ...params } = encoderParams({ config });
  return defineModel({ params, inputs }, (p, x) => encode(p, x, { config }));
};

interface Encoder {
  readonly config: BertConfig;
  readonly lora?: Lora | undefined;
}
type Tensors = Readonly<Record<string, Tensor>>;

const inputs = { [inputNames.ids]: int64(['batch', 'length']), [inputNames.mask]: int64(['batch', 'length']) };

/** The first values of BERT's authors. */
const starts: Readonly<Record<BertParameter['start'], Initializer>> = { normal: normal(0.02), zeros, ones };

const encoderParams = ({ config, lora }: Encoder): Record<string, Param> => {
  const own = encoderParameters(config).map(({ name, shape, start }) => [name, param(shape, starts[start])] as const);
  if (!lora) return Object.fromEntries(own);
  const adapters = adaptersOf(config).flatMap(({ down, up }) => [
    [down, param([config.hiddenSize, lora.rank], normal(1 / Math.sqrt(config.hiddenSize)))] as const,
    // With nothing to add at first, training begins where the checkpoint ended (Hu et al. 2021, section 4.1).
    [up, param([lora.rank, config.hiddenSize], zeros)] as const,
  ]);
  return Object.fromEntries([...own, ...adapters]);
};

const encode = (p: Tensors, x: Tensors, { config, lora }: Encoder): Tensor => {
  const options = {
    heads: config.heads,
    mask: attentionMask(x[inputNames.mask]!),
    dropoutRate: config.hiddenDropout,
    attentionDropoutRate: config.attentionDropout,
    epsilon: config.layerNormEps,
    activation: activations[config.activation],
  };
  let states = embed(p, x[inputNames.ids]!, config);
  for (let layer = 0; layer < config.layers; layer++) states = encoderBlock(states, blockParams(p, `layer.${layer}`, lora), options);
  return states;
};

const activations: Readonly<Record<BertActivation, (x: Tensor) => Tensor>> = { gelu, gelu_new: geluTanh, relu };

/** Word, place and type are added. A text alone is of type 0 throughout. */
const embed = (p: Tensors, ids: Tensor, config: BertConfig): Tensor => {
  const places = slice(p['embeddings.position']!, { axis: 0, end: ids.shape[1]! });
  const type = slice(p['embeddings.type']!, { axis: 0, end: 1 });
  const words = tag(wordsTag, embedding(p[wordTable]!, ids));
  const embedded = add(words, add(places, type));
  return dropout(layerNorm(embedded, { ...normParams(p, 'embeddings.norm'), epsilon: config.layerNormEps }), config.hiddenDropout);
};

/** The last state of [CLS] of each text, through one more layer. */
const pool = (states: Tensor, p: Tensors): Tensor => {
  const [batch, , width] = states.shape;
  return tanh(linear(reshape(slice(states, { axis: 1, end: 1 }), [batch!, width!]), linearParams(p, 'pooler')));
};

const blockParams = (p: Tensors, name: string, lora: Lora | undefined): EncoderBlockParams => ({
  attention: {
    query: adapted(p, `${name}.attention.query`, lora),
    key: linearParams(p, `${name}.attention.key`),
    value: adapted(p, `${name}.attention.value`, lora),
    output: linearParams(p, `${name}.attention.output`),
  },
  attentionNorm: normParams(p, `${name}.attentionNorm`),
  inner: linearParams(p, `${name}.inner`),
  outer: linearParams(p, `${name}.outer`),
  outerNorm: normParams(p, `${name}.outerNorm`),
});

/** The sum of weight and adapter, and not of their products: a matrix is smaller than a batch's states, and what is merged is the same sum. */
const adapted = (p: Tensors, name: string, lora: Lora | undefined): LinearParams => {
  const { weight, bias } = linearParams(p, name);
  if (!lora) return { weight, bias };
  return { bias, weight: add(weight, matMul(p[`${name}.down`]!, p[`${name}.up`]!, { scale: lora.alpha / lora.rank })) };
};

const linearParams = (p: Tensors, name: string): LinearParams => ({ weight: p[`${name}.weight`]!, bias: p[`${name}.bias`]! });
const normParams = (p: Tensors, name: string): NormParams => ({ scale: p[`${name}.scale`]!, shift: p[`${name}.shift`]! });
