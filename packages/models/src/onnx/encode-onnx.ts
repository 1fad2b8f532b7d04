import { type Attribute, elementTypes, type Node, type OnnxGraph, type OnnxModel, type TensorData, type Value } from './model.ts';
import { createMessage, type Message } from './protobuf-writer.ts';

/** The bytes of a model's file, in memory at once. */
export const encodeOnnx = (model: OnnxModel): Uint8Array => {
  const { chunks, size } = onnxMessage(model);
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
};

/** Where in another file the numbers of an initializer lie. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}
export type ExternalPlaces = ReadonlyMap<TensorData, ExternalPlace>;

/** `ModelProto`, field by field as in onnx.proto; weights stay where they are, or are only pointed to where they have a place outside. */
export const onnxMessage = ({ irVersion, opsets, producer, graph, metadata = {} }: OnnxModel, places?: ExternalPlaces): Message => {
  const out = createMessage();
  out.int(1, irVersion);
  out.text(2, producer.name);
  out.text(3, producer.version);
  out.message(7, graphMessage(graph, places));
  for (const [domain, version] of Object.entries(opsets)) out.message(8, pairMessage(domain, version));
  for (const [key, value] of Object.entries(metadata)) out.message(14, pairMessage(key, value));
  return out.end();
};

const graphMessage = ({ name, nodes, inputs, outputs, initializers }: OnnxGraph, places?: ExternalPlaces): Message => {
  const out = createMessage();
  for (const node of nodes) out.message(1, nodeMessage(node));
  out.text(2, name);
  for (const [key, tensor] of initializers) out.message(5, tensorMessage(tensor, key, places?.get(tensor)));
  for (const value of inputs) out.message(11, valueMessage(value));
  for (const value of outputs) out.message(12, valueMessage(value));
  return out.end();
};

const nodeMessage = ({ op, domain = '', inputs, outputs, attributes = {} }: Node): Message => {
  const out = createMessage();
  for (const name of inputs) out.text(1, name);
  for (const name of outputs) out.text(2, name);
  out.text(4, op);
  for (const [name, attribute] of Object.entries(attributes)) out.message(5, attributeMessage(name, attribute));
  if (domain) out.text(7, domain);
  return out.end();
};

const attributeMessage = (name: string, attribute: Attribute): Message => {
  const out = createMessage();
  out.text(1, name);
  switch (attribute.kind) {
    case 'float':
      out.float(2, attribute.value);
      out.int(20, 1);
      break;
    case 'int':
      out.int(3, attribute.value);
      out.int(20, 2);
      break;
    case 'string':
      out.text(4, attribute.value);
      out.int(20, 3);
      break;
    case 'tensor':
      out.message(5, tensorMessage(attribute.value));
      out.int(20, 4);
      break;
    case 'graph':
      out.message(6, graphMessage(attribute.value));
      out.int(20, 5);
      break;
    case 'floats':
      for (const value of attribute.value) out.float(7, value);
      out.int(20, 6);
      break;
    case 'ints':
      for (const value of attribute.value) out.int(8, value);
      out.int(20, 7);
      break;
    case 'strings':
      for (const value of attribute.value) out.text(9, value);
      out.int(20, 8);
      break;
  }
  return out.end();
};

const tensorMessage = ({ type, shape, data }: TensorData, name?: string, place?: ExternalPlace): Message => {
  const out = createMessage();
  for (const dim of shape) out.int(1, dim);
  out.int(2, elementTypes[type]);
  if (place) {
    for (const [key, value] of Object.entries(place)) out.message(13, pairMessage(key, String(value)));
    out.int(14, 1);
  } else if ('buffer' in data) out.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else for (const text of data) out.text(6, text);
  if (name !== undefined) out.text(8, name);
  return out.end();
};

const valueMessage = ({ name, type, shape }: Value): Message => {
  const dims = createMessage();
  for (const dim of shape) {
    const one = createMessage();
    if (typeof dim === 'number') one.int(1, dim);
    else one.text(2, dim);
    dims.message(1, one.end());
  }
  const tensor = createMessage();
  tensor.int(1, elementTypes[type]);
  tensor.message(2, dims.end());
  const kind = createMessage();
  kind.message(1, tensor.end());
  const out = createMessage();
  out.text(1, name);
  out.message(2, kind.end());
  return out.end();
};

/** `OperatorSetIdProto` and `StringStringEntryProto` have the same two fields. */
const pairMessage = (key: string, value: number | string): Message => {
  const out = createMessage();
  out.text(1, key);
  if (typeof value === 'number') out.int(2, value);
  else out.text(2, value);
  return out.end();
};
