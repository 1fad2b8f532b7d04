import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { protobuf, ProtobufError, protobufFields } from './protobuf.ts';

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 0x80n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
};
const tag = (number: number, type: number): number[] => varint((BigInt(number) << 3n) | BigInt(type));
const number = fc.integer({ min: 1, max: 2 ** 29 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const field = fc.oneof(
  fc.tuple(number, int64).map(([n, value]) => ({ bytes: [...tag(n, 0), ...varint(value)], says: [n, 'varint', value] })),
  fc.tuple(number, fc.uint8Array({ maxLength: 300 })).map(([n, bytes]) => ({
    bytes: [...tag(n, 2), ...varint(BigInt(bytes.length)), ...bytes],
    says: [n, 'bytes', [...bytes]],
  })),
  fc
    .tuple(number, fc.uint8Array({ minLength: 8, maxLength: 8 }))
    .map(([n, bytes]) => ({ bytes: [...tag(n, 1), ...bytes], says: [n, 'fixed64', [...bytes]] })),
  fc
    .tuple(number, fc.uint8Array({ minLength: 4, maxLength: 4 }))
    .map(([n, bytes]) => ({ bytes: [...tag(n, 5), ...bytes], says: [n, 'fixed32', [...bytes]] })),
);

test('whatever fields are written are read again', () => {
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const read = [...protobufFields(Uint8Array.from(fields.flatMap(({ bytes }) => bytes)))];
      assert.deepEqual(
        read.map((one) => [one.number, one.type, one.type === 'varint' ? protobuf.int64(one) : [...one.bytes]]),
        fields.map(({ says }) => says),
      );
    }),
  );
});

test('any other bytes are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        let read = 0;
        for (const one of protobufFields(bytes)) read += one.type === 'varint' ? 1 : one.bytes.length;
        assert.ok(read <= bytes.length);
      } catch (error) {
        assert.ok(error instanceof ProtobufError, String(error));
      }
    }),
  );
});

test('what ends too early, or is too long, is refused', () => {
  for (const bytes of [
    [0x08],
    [0x08, 0x80],
    [0x0a, 0x05, 1],
    [0x09, 1, 2],
    [0x0d, 1],
    [0x0b],
    [0x00, 1],
    [0x08, ...Array<number>(10).fill(0x80), 1],
    [0x0a, ...varint(2n ** 63n)],
  ])
    assert.throws(() => [...protobufFields(Uint8Array.from(bytes))], ProtobufError, String(bytes));
});

test('a field of another type than its message says is refused', () => {
  const [one] = [...protobufFields(Uint8Array.from([0x08, 1]))];
  for (const read of [protobuf.text, protobuf.bytes, protobuf.fixed64, protobuf.double]) assert.throws(() => read(one!), ProtobufError);
});
