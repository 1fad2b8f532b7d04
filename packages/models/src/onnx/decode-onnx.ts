import { decodeTensor, elementTypeOf, pairFields, type ReadExternal } from './decode-tensor.ts';
import type { Attribute, Dim, Node, OnnxGraph, OnnxModel, TensorData, Value } from './model.ts';
import { unreadable } from './protobuf-cursor.ts';
import {
  type Budget,
  bytes,
  createBudget,
  float,
  floats,
  int,
  ints,
  maybeInt,
  type Message,
  messages,
  readMessage,
  text,
  texts,
} from './protobuf-reader.ts';

/** What nodes, names and attributes may take as objects: enough for half a million nodes, or for sixteen million numbers. */
const structureBytes = 256 << 20;
/** Graphs within graphs: an If within a Scan within a Loop is 3 deep. */
const mostNested = 16;

interface Context {
  readonly budget: Budget;
  readonly readExternal: ReadExternal;
  readonly depth: number;
}

/** `ModelProto` and what it is made of, by the numbers that onnx.proto gives them. */
const modelFields = {
  irVersion: int(1),
  producerName: text(2),
  producerVersion: text(3),
  graph: bytes(7),
  opsets: messages(8),
  metadata: messages(14),
  training: messages(20),
  functions: messages(25),
} as const;
const opsetFields = { domain: text(1), version: int(2) } as const;
const graphFields = {
  nodes: messages(1),
  name: text(2),
  initializers: messages(5),
  inputs: messages(11),
  outputs: messages(12),
  sparse: messages(15),
} as const;
const nodeFields = { inputs: texts(1), outputs: texts(2), op: text(4), attributes: messages(5), domain: text(7) } as const;
const attributeFields = {
  name: text(1),
  float: float(2),
  int: int(3),
  string: text(4),
  tensor: bytes(5),
  graph: bytes(6),
  floats: floats(7),
  ints: ints(8),
  strings: texts(9),
  kind: int(20),
} as const;
const valueFields = { name: text(1), type: bytes(2) } as const;
const typeFields = { tensor: bytes(1) } as const;
const tensorTypeFields = { type: int(1), shape: bytes(2) } as const;
const shapeFields = { dims: messages(1) } as const;
const dimFields = { size: maybeInt(1), name: text(2) } as const;

/**
 * Reads the bytes of a model; what they announce is held against what they hold. Documentation, shapes of inner values and names of
 * nodes are left out. Weights are views of `model` where they are aligned. Refuses with `unreadable_onnx` what is damaged, or beyond these types.
 */
export const decodeOnnx = (model: Uint8Array, readExternal: ReadExternal = refuseExternal): OnnxModel => {
  const context: Context = { budget: createBudget(structureBytes), readExternal, depth: 0 };
  const { budget } = context;
  const { irVersion, producerName, producerVersion, graph, opsets, metadata, training, functions } = readMessage(
    model,
    modelFields,
    budget,
  );
  if (training.length + functions.length > 0) throw unreadable('it brings functions or training steps of its own');
  if (!graph || irVersion < 1 || opsets.length === 0) throw unreadable('it has no graph, no version or no operator set');
  const pairs = metadata.map((pair) => readMessage(pair, pairFields, budget));
  return {
    irVersion,
    opsets: Object.fromEntries(
      opsets.map((opset) => readMessage(opset, opsetFields, budget)).map(({ domain, version }) => [domain, version]),
    ),
    producer: { name: producerName, version: producerVersion },
    graph: graphOf(graph, context),
    ...(pairs.length > 0 && { metadata: Object.fromEntries(pairs.map(({ key, value }) => [key, value])) }),
  };
};

const refuseExternal: ReadExternal = ({ location }) => {
  throw unreadable(`some of its weights lie in another file, ${quoted(location)}`);
};

const graphOf = (message: Uint8Array, context: Context): OnnxGraph => {
  if (context.depth > mostNested) throw unreadable(`its graphs are nested more than ${mostNested} deep`);
  const { budget, readExternal } = context;
  const { nodes, name, initializers, inputs, outputs, sparse } = readMessage(message, graphFields, budget);
  if (sparse.length > 0) throw unreadable('it holds sparse tensors');
  const tensors = new Map<string, TensorData>();
  for (const tensor of initializers) {
    const { name: key, ...data } = decodeTensor(tensor, budget, readExternal);
    if (tensors.has(key)) throw unreadable(`tensor ${quoted(key)} is there twice`);
    tensors.set(key, data);
  }
  return {
    name,
    nodes: nodes.map((node) => nodeOf(node, context)),
    inputs: inputs.map((value) => valueOf(value, budget)),
    outputs: outputs.map((value) => valueOf(value, budget)),
    initializers: tensors,
  };
};

const nodeOf = (message: Uint8Array, context: Context): Node => {
  const { inputs, outputs, op, attributes, domain } = readMessage(message, nodeFields, context.budget);
  return {
    op,
    ...(domain !== '' && { domain }),
    inputs,
    outputs,
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes.map((attribute) => attributeOf(attribute, context))) }),
  };
};

const attributeOf = (message: Uint8Array, context: Context): [string, Attribute] => {
  const fields = readMessage(message, attributeFields, context.budget);
  const attribute = attributeOfKind(fields, context);
  if (!attribute) throw unreadable(`attribute ${quoted(fields.name)} is of type ${fields.kind}, or lacks its value`);
  return [fields.name, attribute];
};

const attributeOfKind = (fields: Message<typeof attributeFields>, { budget, readExternal, depth }: Context): Attribute | undefined => {
  switch (fields.kind) {
    case 1:
      return { kind: 'float', value: fields.float };
    case 2:
      return { kind: 'int', value: fields.int };
    case 3:
      return { kind: 'string', value: fields.string };
    case 4: {
      if (!fields.tensor) return undefined;
      const { type, shape, data } = decodeTensor(fields.tensor, budget, readExternal);
      return { kind: 'tensor', value: { type, shape, data } };
    }
    case 5:
      return fields.graph && { kind: 'graph', value: graphOf(fields.graph, { budget, readExternal, depth: depth + 1 }) };
    case 6:
      return { kind: 'floats', value: fields.floats };
    case 7:
      return { kind: 'ints', value: fields.ints };
    case 8:
      return { kind: 'strings', value: fields.strings };
    default:
      return undefined;
  }
};

/** `ValueInfoProto`, of which only dense tensors with a shape are known. */
const valueOf = (message: Uint8Array, budget: Budget): Value => {
  const value = readMessage(message, valueFields, budget);
  const { tensor } = readMessage(value.type ?? nothing, typeFields, budget);
  const { type, shape } = readMessage(tensor ?? nothing, tensorTypeFields, budget);
  if (!shape) throw unreadable(`value ${quoted(value.name)} has no type and shape of a tensor`);
  const { dims } = readMessage(shape, shapeFields, budget);
  return { name: value.name, type: elementTypeOf(type), shape: dims.map((dim) => dimOf(dim, budget)) };
};

/** A size that is neither said nor named is named ''. */
const dimOf = (message: Uint8Array, budget: Budget): Dim => {
  const { size, name } = readMessage(message, dimFields, budget);
  return size ?? name;
};

const nothing = new Uint8Array(0);
const quoted = (name: string): string => JSON.stringify(name.slice(0, 100));
