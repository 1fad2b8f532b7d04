import type { ExternalPlace } from './encode-onnx.ts';
import { type ElementType, elementTypes, type TensorData } from './model.ts';
import { unreadable } from './protobuf-cursor.ts';
import { bigints, type Budget, bytes, doubles, floats, int, ints, messages, readMessage, text, texts } from './protobuf-reader.ts';

/** Gives the bytes at a place in another file; without a length it reaches to the end. */
export type ReadExternal = (place: Omit<ExternalPlace, 'length'> & { readonly length: number | undefined }) => Uint8Array;

const tensorFields = {
  dims: ints(1),
  type: int(2),
  segment: bytes(3),
  floats: floats(4),
  ints: ints(5),
  texts: texts(6),
  int64s: bigints(7),
  name: text(8),
  raw: bytes(9),
  doubles: doubles(10),
  uint64s: bigints(11),
  external: messages(13),
  location: int(14),
} as const;

/** `TensorProto`. Numbers are views of the file where they lie as memory wants them, else copies. */
export const decodeTensor = (message: Uint8Array, budget: Budget, readExternal: ReadExternal): TensorData & { readonly name: string } => {
  const { dims: shape, name, segment, location, raw, external, ...lists } = readMessage(message, tensorFields, budget);
  if (segment) throw unreadable(`tensor ${JSON.stringify(name.slice(0, 100))} is in segments`);
  const type = elementTypeOf(lists.type);
  const size = sizeOf(shape);
  if (type === 'string') return { name, type, shape, data: exactly(size, lists.texts) };
  const packed = location === 1 ? readExternal(placeOf(external.map((pair) => readMessage(pair, pairFields, budget)))) : raw;
  return { name, type, shape, data: packed ? viewOf(type, size, packed) : listOf(type, size, lists) };
};

const typeNames = new Map(Object.entries(elementTypes).map(([name, number]) => [number as number, name as ElementType]));
export const elementTypeOf = (number: number): ElementType => {
  const type = typeNames.get(number);
  if (type === undefined) throw unreadable(`there is no type ${number} of elements`);
  return type;
};

/** `StringStringEntryProto`. */
export const pairFields = { key: text(1), value: text(2) } as const;

const placeOf = (pairs: readonly { readonly key: string; readonly value: string }[]): Parameters<ReadExternal>[0] => {
  const said = new Map(pairs.map(({ key, value }) => [key, value]));
  const whole = (key: string): number | undefined => {
    const value = said.get(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,16}$/.test(value) || !Number.isSafeInteger(Number(value))) throw unreadable(`an ${key} of other weights is no number`);
    return Number(value);
  };
  return { location: said.get('location') ?? '', offset: whole('offset') ?? 0, length: whole('length') };
};

/** How many values a shape holds. */
const sizeOf = (shape: readonly number[]): number => {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (shape.length > 32 || shape.some((dim) => dim < 0) || !Number.isSafeInteger(size))
    throw unreadable(`[${shape.slice(0, 32).join(', ')}] is no shape`);
  return size;
};

const exactly = <V extends { readonly length: number }>(values: number, list: V): V => {
  if (list.length !== values) throw unreadable(`a tensor of ${values} values holds ${list.length}`);
  return list;
};

const arrays = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bfloat16: Uint16Array,
} as const;
type NumericType = keyof typeof arrays;

const viewOf = (type: NumericType, values: number, raw: Uint8Array): TensorData['data'] => {
  const array = arrays[type];
  if (raw.length !== values * array.BYTES_PER_ELEMENT)
    throw unreadable(`a tensor of ${values} values of ${type} holds ${raw.length} bytes`);
  const { buffer, byteOffset } = raw.byteOffset % array.BYTES_PER_ELEMENT === 0 ? raw : Uint8Array.from(raw);
  return new array(buffer as ArrayBuffer, byteOffset, values);
};

interface Lists {
  readonly floats: number[];
  readonly doubles: number[];
  readonly ints: number[];
  readonly int64s: bigint[];
  readonly uint64s: bigint[];
}
/** The long way to write numbers, one by one, as some exporters do for small tensors. */
const listOf = (type: NumericType, size: number, { floats, doubles, ints, int64s, uint64s }: Lists): TensorData['data'] => {
  switch (type) {
    case 'float32':
      return Float32Array.from(exactly(size, floats));
    case 'float64':
      return Float64Array.from(exactly(size, doubles));
    case 'int64':
      return BigInt64Array.from(exactly(size, int64s));
    case 'uint64':
      return BigUint64Array.from(exactly(size, uint64s));
    case 'uint32':
      return Uint32Array.from(exactly(size, uint64s), Number);
    default:
      return arrays[type].from(exactly(size, ints));
  }
};
