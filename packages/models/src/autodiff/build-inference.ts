import { invalid } from '@boucle/contract';
import type { OnnxModel } from '../onnx/model.ts';
import { asModel } from './as-model.ts';
import { range } from './constants.ts';
import { declareInputs, type Model } from './define-model.ts';
import { createGraph } from './create-graph.ts';
import { gradients } from './gradients.ts';
import type { Graph, Tensor } from './graph.ts';
import { mul } from './operators/arithmetic.ts';
import { reduceSum } from './operators/reduce.ts';
import { equal, toFloat } from './operators/select.ts';
import { reshape } from './operators/shape.ts';

export type Weights = ReadonlyMap<string, Float32Array>;

/** What a model that is shared puts out: by default its output, as `logits`. Tagged tensors can be had by their name. */
export type Outputs = (output: Tensor, tagged: (name: string) => Tensor) => Readonly<Record<string, Tensor>>;

/** The model as it is served: weights inside, named axes open, dropout the identity, only ONNX's own operators. */
export const buildInference = (model: Model, weights: Weights, outputs: Outputs = (logits) => ({ logits })): OnnxModel => {
  const graph = createGraph({ training: false });
  const output = applyStored(graph, model, weights);
  return asModel(graph.finish(outputs(output, (name) => taggedIn(graph, name))));
};

/**
 * How the logit of a class changes with a tagged tensor, which is fed in place of being computed: for integrated gradients. Inputs are the model's, the
 * tensor under its tag, and `classes` (int64 [batch]); outputs are `logits` and `gradient`, of the tensor's shape.
 */
export const buildGradientOf = (model: Model, weights: Weights, { of }: { readonly of: string }): OnnxModel => {
  const graph = createGraph({ training: false, fedTags: [of] });
  const logits = applyStored(graph, model, weights);
  const [batch, count] = logits.shape;
  const classes = graph.input('classes', { type: 'int64', shape: [batch!] });
  const isChosen = toFloat(equal(reshape(classes, [batch!, 1]), range(graph, count!)));
  const [gradient] = gradients(reduceSum(mul(logits, isChosen)), [taggedIn(graph, of)]);
  if (!gradient?.dense) throw invalid(`The output does not depend on ${of}`, 'tensor_unused', { of });
  return asModel(graph.finish({ logits, gradient: gradient.dense }));
};

const taggedIn = ({ tags }: Graph, name: string): Tensor => {
  const tensor = tags.get(name);
  if (!tensor) throw invalid(`The model tags no tensor ${name}; it tags ${[...tags.keys()].join(', ') || 'none'}`, 'unknown_tag', { name });
  return tensor;
};

const applyStored = (graph: Graph, model: Model, weights: Weights): Tensor =>
  model.apply(storeWeights(graph, model, weights), declareInputs(graph, model.inputs));

const storeWeights = (graph: Graph, { params }: Model, weights: Weights): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(params).map(([name, { shape }]) => {
      const data = weights.get(name);
      const size = shape.reduce((product, dim) => product * dim, 1);
      if (data?.length !== size) {
        throw invalid(`${name} needs ${size} weights, and ${data?.length ?? 'none'} are given`, 'weights_do_not_fit', { name });
      }
      return [name, graph.initializer(name, { type: 'float32', shape, data })];
    }),
  );
