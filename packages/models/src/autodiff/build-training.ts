import { invalid } from '@boucle/contract';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import type { ElementType } from '../onnx/model.ts';
import { declareInputs, type Model } from './define-model.ts';
import { asModel } from './as-model.ts';
import { createGraph } from './create-graph.ts';
import { gradients } from './gradients.ts';
import type { Float, Tensor } from './graph.ts';
import type { Loss } from './losses.ts';

/** A graph of forward, loss and backward, and what to feed and fetch: plain data, which can be sent to a worker. */
export interface TrainingProgram {
  readonly onnx: Uint8Array;
  /** Fed with each batch: the model's inputs and the loss's (`labels`, `rowWeights`). */
  readonly inputs: readonly { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] }[];
  /** The weights, fed at each step. */
  readonly params: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Dropout masks, fed at each step: 0 with probability `rate`, else 1 / (1 - rate). */
  readonly masks: readonly { readonly name: string; readonly shape: readonly number[]; readonly rate: number; readonly site: number }[];
  /** The scalar output. */
  readonly loss: string;
  /** Outputs of their parameter's shape. */
  readonly gradients: readonly { readonly param: string; readonly output: string }[];
  /** Outputs [entries of `ids`, width]; row i belongs to row `ids[i]` of the parameter. A parameter's gradient is the sum of all its entries, here and above. */
  readonly rowGradients: readonly { readonly param: string; readonly ids: string; readonly output: string }[];
}

export interface TrainingOptions {
  /** The sizes of the axes that the model's inputs name. */
  readonly dims: Readonly<Record<string, number>>;
  readonly loss: Loss;
  /** Which parameters get a gradient; all where it is not given. */
  readonly trainable?: (name: string) => boolean;
  /** float64 is for checking gradients. */
  readonly float?: Float;
}

export const buildTraining = (model: Model, options: TrainingOptions): TrainingProgram => {
  const { dims, loss: lossOf, trainable = () => true, float = 'float32' } = options;
  const unknown = Object.values(model.inputs).flatMap(({ shape }) => shape.filter((dim) => typeof dim === 'string' && !(dim in dims)));
  if (unknown.length > 0)
    throw invalid(`Training needs sizes for ${unknown.join(', ')}; name them in dims`, 'unknown_dimension', { unknown });

  const graph = createGraph({ float, training: true });
  const weights = Object.entries(model.params).map(([name, { shape }]) => graph.input(name, { type: float, shape }));
  const params = Object.fromEntries(weights.map((weight) => [weight.name, weight]));
  const loss = lossOf(model.apply(params, declareInputs(graph, model.inputs, dims)));

  const trained = weights.filter(({ name }) => trainable(name));
  const found = gradients(loss, trained).map((gradient, i) => ({ param: trained[i]!.name, ...gradient }));
  const unused = found.filter(({ dense, rows }) => !dense && rows.length === 0).map(({ param }) => param);
  if (unused.length > 0) {
    throw invalid(`The loss does not depend on ${unused.join(', ')}; leave that out of what is trained`, 'parameter_unused', { unused });
  }
  const whole = found.flatMap(({ param, dense }) => (dense ? [{ param, output: `gradient/${param}`, tensor: dense }] : []));
  const byRow = found.flatMap(({ param, rows: parts }) =>
    parts.map(({ ids, rows }, n) => ({ param, ids: ids.name, output: `rows/${param}/${n}`, tensor: rows })),
  );
  const outputs = Object.fromEntries([...whole, ...byRow].map(({ output, tensor }) => [output, tensor]));
  const masks = new Set(graph.masks.map(({ mask }) => mask));
  return {
    onnx: encodeOnnx(asModel(graph.finish({ loss, ...outputs }))),
    inputs: graph.inputs
      .filter((input) => !weights.includes(input) && !masks.has(input))
      .map((input) => ({ ...sized(input), type: input.type })),
    params: weights.map(sized),
    masks: graph.masks.map(({ mask, rate }, site) => ({ ...sized(mask), rate, site })),
    loss: 'loss',
    gradients: whole.map(({ param, output }) => ({ param, output })),
    rowGradients: byRow.map(({ param, ids, output }) => ({ param, ids, output })),
  };
};

const sized = ({ name, shape }: Tensor): { name: string; shape: number[] } => ({ name, shape: shape.map(Number) });
