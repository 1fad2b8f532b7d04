import type { ElementType, Node, Shape } from '../onnx/model.ts';
import { floats, integers } from './constants.ts';
import type { Gradient, Graph, Tensor } from './graph.ts';
import { isTensor, type Operand } from './tensor.ts';

/** What an operator is. Its arguments are tensors, lists of tensors and settings. */
export interface Operator<Args extends readonly unknown[]> {
  /** The shape that comes out; throws where the arguments do not fit. */
  readonly shape: (args: Args) => Shape;
  /** Its ONNX nodes. What follows the first tensor is kept for the gradient. */
  readonly emit: (node: Emit, args: Args) => Tensor | Made;
  /**
   * The vector-Jacobian product: from the gradient at the output, and the output itself, the gradient at each tensor among the arguments.
   * Where it has a shape that the tensor was broadcast to, it is summed by whoever calls. Without a rule nothing flows back.
   */
  readonly vjp?: (dy: Tensor, y: Made, args: Args) => readonly (Gradient | undefined)[];
}
type Made = readonly [Tensor, ...Tensor[]];

/** Adds a node with one output: of the operator's shape and the type of the first input, where nothing else is said. */
export type Emit = (op: string, inputs: readonly Tensor[], options?: EmitOptions) => Tensor;
interface EmitOptions extends Pick<Node, 'attributes' | 'domain'> {
  readonly type?: ElementType;
}

/** Makes the function that applies the operator and writes it on the tape. */
export const defineOperator =
  <Args extends readonly unknown[]>({ shape: shapeFor, emit, vjp }: Operator<Args>) =>
  (...args: Args): Tensor => {
    const inputs = (args.flat() as unknown[]).filter(isTensor);
    const graph = graphOf(inputs);
    const shape = shapeFor(args);
    const node: Emit = (op, from, { type = from[0]!.type, ...options } = {}) =>
      graph.node({ op, inputs: from, outputs: [{ type, shape }], ...options })[0]!;
    const made = emit(node, args);
    const outputs: Made = isTensor(made) ? [made] : made;
    if (vjp) graph.tape.push({ inputs, outputs: [outputs[0]], vjp: ([dy]) => (dy ? vjp(dy, outputs, args) : []) });
    return outputs[0];
  };

/** Where operators on these tensors belong: the innermost of their graphs. */
export const graphOf = (tensors: readonly Tensor[]): Graph =>
  tensors.reduce((inner, { graph }) => (graph.depth > inner.depth ? graph : inner), tensors[0]!.graph);

/** Operands as tensors: a number is a constant of the type of the tensor beside it. */
export const tensorsOf = (...operands: readonly [Operand, Operand]): [Tensor, Tensor] => {
  const tensors = operands.filter(isTensor);
  const [{ type }] = tensors as [Tensor];
  const graph = graphOf(tensors);
  const tensor = (operand: Operand): Tensor => {
    if (isTensor(operand)) return operand;
    return type === 'int64' ? integers(graph, [operand], []) : floats(graph, [operand]);
  };
  return [tensor(operands[0]), tensor(operands[1])];
};
