import {
  add,
  attentionMask,
  defineModel,
  dropout,
  embedding,
  gelu,
  geluTanh,
  int64,
  layerNorm,
  type Model,
  normal,
  ones,
  type Param,
  param,
  reshape,
  slice,
  tag,
  tanh,
  type Tensor,
  uniform,
  zeros,
} from '../autodiff/index.ts';
import { bilstm, encoderBlock, linear, type LinearParams, type NormParams, type Pooling, poolStates } from '../layers/index.ts';

/** A classifier of texts: words, both directions, pooling, dropout and a linear layer. */
export const smallBilstm = ({
  vocabulary = 11,
  width = 4,
  hidden = 3,
  classes = 2,
  pooling = 'last' as Pooling,
  dropoutRate = 0,
} = {}): Model =>
  defineModel(
    {
      params: {
        words: param([vocabulary, width], normal(1)),
        input: param([2, width, 4 * hidden], uniform(hidden ** -0.5)),
        recurrent: param([2, hidden, 4 * hidden], uniform(hidden ** -0.5)),
        bias: param([2, 4 * hidden], uniform(hidden ** -0.5)),
        'output.weight': param([2 * hidden, classes], normal(0.5)),
        'output.bias': param([classes], zeros),
      },
      inputs: { ids: int64(['batch', 'length']), lengths: int64(['batch']) },
    },
    ({ words, input, recurrent, bias, ...output }, { ids, lengths }) => {
      const states = bilstm(dropout(tag('embedded', embedding(words, ids)), dropoutRate), lengths, { input, recurrent, bias });
      return linear(poolStates(states, lengths, pooling), { weight: output['output.weight'], bias: output['output.bias'] });
    },
  );

/** BERT's encoder with a linear layer on what it makes of the first token. */
export const smallBert = ({
  vocabulary = 11,
  width = 4,
  inner = 8,
  heads = 2,
  layers = 1,
  classes = 2,
  places = 16,
  dropoutRate = 0,
  deviation = 0.5,
  float64 = false,
} = {}): Model => {
  const linearOf = (name: string, inputs: number, outputs: number): Record<string, Param> => ({
    [`${name}.weight`]: param([inputs, outputs], normal(deviation)),
    [`${name}.bias`]: param([outputs], normal(deviation / 10)),
  });
  const normOf = (name: string): Record<string, Param> => ({
    [`${name}.scale`]: param([width], ones),
    [`${name}.shift`]: param([width], zeros),
  });
  const blockOf = (layer: number): Record<string, Param> =>
    Object.assign(
      {},
      ...['query', 'key', 'value', 'output'].map((name) => linearOf(`${layer}.${name}`, width, width)),
      normOf(`${layer}.attentionNorm`),
      linearOf(`${layer}.inner`, width, inner),
      linearOf(`${layer}.outer`, inner, width),
      normOf(`${layer}.outerNorm`),
    ) as Record<string, Param>;
  const params: Record<string, Param> = {
    words: param([vocabulary, width], normal(deviation)),
    places: param([places, width], normal(deviation)),
    ...normOf('norm'),
    ...Object.assign({}, ...Array.from({ length: layers }, (_, layer) => blockOf(layer))),
    ...linearOf('pooler', width, width),
    ...linearOf('classifier', width, classes),
  };
  const [epsilon, activation] = [1e-12, float64 ? geluTanh : gelu];

  return defineModel({ params, inputs: { ids: int64(['batch', 'length']), mask: int64(['batch', 'length']) } }, (p, { ids, mask }) => {
    const linearParams = (name: string): LinearParams => ({ weight: p[`${name}.weight`]!, bias: p[`${name}.bias`]! });
    const normParams = (name: string): NormParams => ({ scale: p[`${name}.scale`]!, shift: p[`${name}.shift`]! });
    const [batch, length] = ids.shape;
    const blocks = Array.from({ length: layers }, (_, layer) => (x: Tensor): Tensor => {
      const block = {
        attention: {
          query: linearParams(`${layer}.query`),
          key: linearParams(`${layer}.key`),
          value: linearParams(`${layer}.value`),
          output: linearParams(`${layer}.output`),
        },
        attentionNorm: normParams(`${layer}.attentionNorm`),
        inner: linearParams(`${layer}.inner`),
        outer: linearParams(`${layer}.outer`),
        outerNorm: normParams(`${layer}.outerNorm`),
      };
      return encoderBlock(x, block, {
        heads,
        mask: attentionMask(mask),
        dropoutRate,
        attentionDropoutRate: dropoutRate,
        epsilon,
        activation,
      });
    });
    const embedded = add(tag('embedded', embedding(p['words']!, ids)), slice(p['places']!, { axis: 0, end: length! }));
    const encoded = blocks.reduce((x, block) => block(x), layerNorm(embedded, { ...normParams('norm'), epsilon }));
    const first = reshape(slice(encoded, { axis: 1, end: 1 }), [batch!, width]);
    return linear(tanh(linear(first, linearParams('pooler'))), linearParams('classifier'));
  });
};
