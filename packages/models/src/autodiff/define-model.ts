import type { ElementType, Shape } from '../onnx/model.ts';
import type { Graph, Tensor } from './graph.ts';
import type { Param } from './parameters.ts';

/** What is fed: its axes are sizes, or names that training gives a size and inference leaves open. `float` is the graph's float type. */
export interface Input {
  readonly type: 'float' | ElementType;
  readonly shape: Shape;
}
export const float = (shape: Shape): Input => ({ type: 'float', shape });
export const int64 = (shape: Shape): Input => ({ type: 'int64', shape });

/** A function from parameters and inputs to an output, which is called for training and for inference alike: what is served is what was trained. */
export interface Model {
  readonly params: Readonly<Record<string, Param>>;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly apply: (params: Readonly<Record<string, Tensor>>, inputs: Readonly<Record<string, Tensor>>) => Tensor;
}

type Tensors<Named> = { readonly [Name in keyof Named]: Tensor };

/** The function sees the parameters and inputs under the names they are declared with. */
export const defineModel = <const Params extends Model['params'], const Inputs extends Model['inputs']>(
  { params, inputs }: { readonly params: Params; readonly inputs: Inputs },
  apply: (params: Tensors<Params>, inputs: Tensors<Inputs>) => Tensor,
): Model => ({ params, inputs, apply: apply as Model['apply'] });

/** The model's inputs, declared in a graph; `sizes` are those of named axes, which otherwise keep their name. */
export const declareInputs = (
  graph: Graph,
  inputs: Readonly<Record<string, Input>>,
  sizes: Readonly<Record<string, number>> = {},
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [
      name,
      graph.input(name, {
        type: type === 'float' ? graph.float : type,
        shape: shape.map((dim) => (typeof dim === 'string' ? (sizes[dim] ?? dim) : dim)),
      }),
    ]),
  );
