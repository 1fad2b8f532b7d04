import type { ElementType, Node, OnnxGraph, Shape, TensorData, TensorType } from '../onnx/model.ts';

/** The element type of weights and activations: float64 is for checking gradients. */
export type Float = 'float32' | 'float64';

/** A value of a graph under construction: known by name, element type and shape; it holds no numbers. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** An ONNX graph that grows as operators are applied, and the tape of what was applied. */
export interface Graph {
  readonly float: Float;
  /** Whether dropout drops and Microsoft's fused operators may be used; a model that is shared keeps to ONNX's own. */
  readonly training: boolean;
  /** 0, and one more for each loop it is the body of. */
  readonly depth: number;
  readonly tape: Step[];
  /** The masks that dropout asks for, in the order of its calls. */
  readonly masks: { readonly mask: Tensor; readonly rate: number }[];
  /** Tensors by the name they were tagged with, and the tags whose tensors are fed instead of computed. */
  readonly tags: Map<string, Tensor>;
  readonly fedTags: ReadonlySet<string>;
  /** What is fed when the graph runs. */
  readonly inputs: Tensor[];
  readonly input: (name: string, type: TensorType) => Tensor;
  /** What is stored with the graph: weights, under their name, and constants. */
  readonly initializer: (name: string, data: TensorData) => Tensor;
  readonly constant: (data: TensorData) => Tensor;
  /** What was made under this key before, or is made now. */
  readonly once: (key: string, make: () => Tensor) => Tensor;
  /** Adds a node; `outputs` are the types of what it makes. */
  readonly node: (node: NewNode) => readonly Tensor[];
  /** The graph of a loop's body, which sees the values of this one. Its inputs and outputs are known by their order. */
  readonly body: () => Body;
  /** Inputs, outputs under the names given, and the nodes that the outputs need. */
  readonly finish: (outputs: Readonly<Record<string, Tensor>>) => OnnxGraph;
}

/** The gradient of a table of which only some rows were looked up: row i belongs to entry `ids[i]`; an entry that comes twice counts twice. */
export interface Rows {
  /** int64, any shape, n entries. */
  readonly ids: Tensor;
  /** [n, width]. */
  readonly rows: Tensor;
}
export type Gradient = Tensor | Rows;

/** One applied operator: how the gradient at its outputs becomes the gradient at its inputs (a vector-Jacobian product). */
export interface Step {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly vjp: (gradients: readonly (Tensor | undefined)[]) => readonly (Gradient | undefined)[];
}

export interface NewNode extends Pick<Node, 'op' | 'attributes' | 'domain'> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly TensorType[];
}

export interface Body {
  readonly input: (type: TensorType) => Tensor;
  readonly finish: (outputs: readonly Tensor[]) => OnnxGraph;
}
