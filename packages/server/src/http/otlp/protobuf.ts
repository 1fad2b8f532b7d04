/** What a field of a message brings: a whole number, 8 or 4 bytes, or as many as it says. */
export type ProtobufField =
  | { readonly number: number; readonly type: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly type: 'fixed64' | 'bytes' | 'fixed32'; readonly bytes: Uint8Array };
type WireType = ProtobufField['type'];

export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const types: Readonly<Record<number, WireType>> = { 0: 'varint', 1: 'fixed64', 2: 'bytes', 5: 'fixed32' };
const lengths = { fixed64: 8, fixed32: 4 };

/** The fields of a message in the order that they came. Nothing is copied: bytes are a view of what was given. */
export const protobufFields = function* (bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): bigint => {
    // Most are one byte.
    const first = bytes[at];
    if (first !== undefined && first < 0x80) {
      at += 1;
      return BigInt(first);
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new ProtobufError('it ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('a number has more than ten bytes');
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const type = types[Number(tag & 7n)];
    if (type === undefined || number === 0 || number >= 2 ** 29) throw new ProtobufError('a field is of no kind that is known');
    if (type === 'varint') {
      yield { number, type, value: varint() };
      continue;
    }
    const length = type === 'bytes' ? varint() : BigInt(lengths[type]);
    if (length > bytes.length - at) throw new ProtobufError('it ends within a field');
    const end = at + Number(length);
    yield { number, type, bytes: bytes.subarray(at, end) };
    at = end;
  }
};

/** What is not UTF-8 is shown as such: a text that a client cut in the middle is no reason to lose its spans. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const expect = <T extends WireType>(field: ProtobufField, type: T): Extract<ProtobufField, { type: T }> => {
  if (field.type !== type) throw new ProtobufError(`field ${field.number} is ${field.type}, and should be ${type}`);
  return field as Extract<ProtobufField, { type: T }>;
};
const bytesOf = (field: ProtobufField): Uint8Array => {
  if (field.type !== 'bytes') throw new ProtobufError(`field ${field.number} is ${field.type}, and should be bytes`);
  return field.bytes;
};
const eightOf = (field: ProtobufField): DataView => {
  if (field.type !== 'fixed64') throw new ProtobufError(`field ${field.number} is ${field.type}, and should be fixed64`);
  return viewOf(field.bytes);
};

/** Fields as the types that a message says of them. */
export const protobuf = {
  bytes: bytesOf,
  text: (field: ProtobufField): string => decoder.decode(bytesOf(field)),
  int64: (field: ProtobufField): bigint => BigInt.asIntN(64, expect(field, 'varint').value),
  bool: (field: ProtobufField): boolean => expect(field, 'varint').value !== 0n,
  /** Numbers that stand for names are small. */
  named: (field: ProtobufField): number => Number(BigInt.asIntN(32, expect(field, 'varint').value)),
  fixed64: (field: ProtobufField): bigint => eightOf(field).getBigUint64(0, true),
  double: (field: ProtobufField): number => eightOf(field).getFloat64(0, true),
} as const;
