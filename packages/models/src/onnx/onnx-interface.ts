import type { Dim } from './model.ts';
import { pairFields } from './decode-tensor.ts';
import { unreadable } from './protobuf-cursor.ts';
import { type Budget, bytes, createBudget, int, maybeInt, messages, readMessage, text } from './protobuf-reader.ts';
import { readPlainFile } from './read-onnx.ts';

/** What goes into a model or comes out of it. */
export interface OnnxValue {
  readonly name: string;
  /** `TensorProto.DataType`; undefined for what is no dense tensor. */
  readonly type: number | undefined;
  /** Undefined where not even the number of its axes is said. */
  readonly shape: readonly Dim[] | undefined;
}
export interface OnnxInterface {
  /** Without those that have a value of their own. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Files that weights lie in, as the model writes them. */
  readonly weightFiles: readonly string[];
}

/** Enough for some two million fields. */
const structureBytes = 256 << 20;
const mostNested = 16;

const modelFields = { graph: bytes(7), functions: messages(25) } as const;
const functionFields = { nodes: messages(7) } as const;
const graphFields = {
  nodes: messages(1),
  initializers: messages(5),
  inputs: messages(11),
  outputs: messages(12),
  sparse: messages(15),
} as const;
const nodeFields = { attributes: messages(5) } as const;
const attributeFields = {
  tensor: bytes(5),
  graph: bytes(6),
  tensors: messages(10),
  graphs: messages(11),
  sparse: bytes(22),
  sparses: messages(23),
} as const;
const sparseFields = { values: bytes(1), indices: bytes(2) } as const;
const tensorFields = { name: text(8), external: messages(13) } as const;
const valueFields = { name: text(1), type: bytes(2) } as const;
const typeFields = { tensor: bytes(1) } as const;
const tensorTypeFields = { type: int(1), shape: bytes(2) } as const;
const shapeFields = { dims: messages(1) } as const;
const dimFields = { size: maybeInt(1), name: text(2) } as const;

/**
 * What has to be known of any model to serve it: not what its nodes do, which its runtime judges, but what goes in and out, and which
 * files it would have the runtime open, wherever in it a tensor may stand.
 */
export const readOnnxInterface = (file: string): OnnxInterface => {
  const budget = createBudget(structureBytes);
  const weightFiles = new Set<string>();

  const lookAtTensor = (message: Uint8Array): string => {
    const { name, external } = readMessage(message, tensorFields, budget);
    for (const pair of external) {
      const { key, value } = readMessage(pair, pairFields, budget);
      if (key === 'location') weightFiles.add(value);
    }
    return name;
  };
  const lookAtSparse = (message: Uint8Array): string => {
    const { values, indices } = readMessage(message, sparseFields, budget);
    if (indices) lookAtTensor(indices);
    return values ? lookAtTensor(values) : '';
  };
  const lookAtNodes = (nodes: readonly Uint8Array[], depth: number): void => {
    if (depth > mostNested) throw unreadable(`its graphs are nested more than ${mostNested} deep`);
    for (const node of nodes) {
      for (const attribute of readMessage(node, nodeFields, budget).attributes) {
        const { tensor, graph, tensors, graphs, sparse, sparses } = readMessage(attribute, attributeFields, budget);
        for (const one of tensor ? [tensor, ...tensors] : tensors) lookAtTensor(one);
        for (const one of sparse ? [sparse, ...sparses] : sparses) lookAtSparse(one);
        for (const one of graph ? [graph, ...graphs] : graphs) lookAtGraph(one, depth + 1);
      }
    }
  };
  /** Names of the values that it brings along. */
  const lookAtGraph = (message: Uint8Array, depth: number): ReadonlySet<string> => {
    const { nodes, initializers, sparse } = readMessage(message, graphFields, budget);
    lookAtNodes(nodes, depth);
    return new Set([...initializers.map(lookAtTensor), ...sparse.map(lookAtSparse)]);
  };

  const { graph, functions } = readMessage(readPlainFile(file), modelFields, budget);
  if (!graph) throw unreadable('it has no graph');
  const given = lookAtGraph(graph, 0);
  for (const one of functions) lookAtNodes(readMessage(one, functionFields, budget).nodes, 0);
  const { inputs, outputs } = readMessage(graph, graphFields, budget);
  return {
    inputs: inputs.map((value) => valueOf(value, budget)).filter(({ name }) => !given.has(name)),
    outputs: outputs.map((value) => valueOf(value, budget)),
    weightFiles: [...weightFiles],
  };
};

const valueOf = (message: Uint8Array, budget: Budget): OnnxValue => {
  const { name, type } = readMessage(message, valueFields, budget);
  const { tensor } = readMessage(type ?? nothing, typeFields, budget);
  if (!tensor) return { name, type: undefined, shape: undefined };
  const { type: element, shape } = readMessage(tensor, tensorTypeFields, budget);
  return { name, type: element, shape: shape && readMessage(shape, shapeFields, budget).dims.map((dim) => dimOf(dim, budget)) };
};
const dimOf = (message: Uint8Array, budget: Budget): Dim => {
  const { size, name } = readMessage(message, dimFields, budget);
  return size ?? name;
};
const nothing = new Uint8Array(0);
