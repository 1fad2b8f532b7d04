import { invalid } from '@boucle/contract';
import type { Dim, Shape } from '../onnx/model.ts';
import { int } from './attributes.ts';
import type { Graph, NewNode, Tensor } from './graph.ts';

/** Numbers of the graph's float type; a single one is a scalar, where no shape is given. */
export const floats = (
  graph: Graph,
  values: readonly number[],
  shape: readonly number[] = values.length === 1 ? [] : [values.length],
): Tensor =>
  graph.once(`floats ${values.join()} ${shape.join()}`, () => {
    const data = graph.float === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
    return graph.constant({ type: graph.float, shape, data });
  });

/** Whole numbers (int64), a list where no shape is given. */
export const integers = (graph: Graph, values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  graph.once(`integers ${values.join()} ${shape.join()}`, () =>
    graph.constant({ type: 'int64', shape, data: BigInt64Array.from(values, BigInt) }),
  );

/** A shape as a value: constant, or read from the inputs where a name stands in it. */
export const shapeValue = (graph: Graph, shape: Shape): Tensor => {
  if (shape.every((dim) => typeof dim === 'number')) return integers(graph, shape);
  const [first, ...more] = shape.map((dim) => sizeValue(graph, dim));
  return more.length === 0
    ? first!
    : int64(graph, { op: 'Concat', inputs: [first!, ...more], attributes: { axis: int(0) } }, [shape.length]);
};

/** The numbers 0, 1, 2 … below a size, known or named. */
export const range = (graph: Graph, size: Dim): Tensor => {
  if (typeof size === 'number') return integers(graph, [...Array(size).keys()]);
  const end = int64(graph, { op: 'Squeeze', inputs: [sizeValue(graph, size)] }, []);
  return int64(graph, { op: 'Range', inputs: [integers(graph, [0], []), end, integers(graph, [1], [])] }, [size]);
};

/** A size as a value [1]: `batch` is read from an axis of an input, `8*batch*length` is a product. */
const sizeValue = (graph: Graph, dim: Dim): Tensor => {
  if (typeof dim === 'number' || /^\d+$/.test(dim)) return integers(graph, [Number(dim)]);
  return graph.once(`size ${dim}`, () => {
    const factors = dim.split('*');
    if (factors.length === 1) return readSize(graph, dim);
    return factors.map((factor) => sizeValue(graph, factor)).reduce((a, b) => int64(graph, { op: 'Mul', inputs: [a, b] }, [1]));
  });
};

const readSize = (graph: Graph, dim: string): Tensor => {
  const input = graph.inputs.find(({ shape }) => shape.includes(dim));
  if (!input) throw invalid(`No input has an axis named ${dim}`, 'unknown_dimension', { dim });
  const axis = input.shape.indexOf(dim);
  return int64(graph, { op: 'Shape', inputs: [input], attributes: { start: int(axis), end: int(axis + 1) } }, [1]);
};

const int64 = (graph: Graph, node: Omit<NewNode, 'outputs'>, shape: Shape): Tensor =>
  graph.node({ ...node, outputs: [{ type: 'int64', shape }] })[0]!;
