import type { Span, SpanValue, SpanValues } from '../tracking/index.ts';

/** OTLP as exporters write it, for tests of what reads it: protobuf's bytes, and JSON. */
const varint = (value: bigint): Buffer => {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
};
const tag = (number: number, type: number): Buffer => varint((BigInt(number) << 3n) | BigInt(type));
const block = (number: number, bytes: Uint8Array): Buffer => Buffer.concat([tag(number, 2), varint(BigInt(bytes.length)), bytes]);
const text = (number: number, said: string): Buffer => block(number, Buffer.from(said));
const hex = (number: number, id: string): Buffer => block(number, Buffer.from(id, 'hex'));
const whole = (number: number, value: bigint): Buffer => Buffer.concat([tag(number, 0), varint(value)]);
const eight = (number: number, write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(8);
  write(bytes);
  return Buffer.concat([tag(number, 1), bytes]);
};
const fixed64 = (number: number, value: number | bigint | string): Buffer =>
  eight(number, (bytes) => void bytes.writeBigUInt64LE(BigInt(value)));

const anyValue = (value: SpanValue): Buffer => {
  if (value === null) return Buffer.alloc(0);
  if (typeof value === 'string') return text(1, value);
  if (typeof value === 'boolean') return whole(2, value ? 1n : 0n);
  if (typeof value === 'number') return whole(3, BigInt(value));
  if ('whole' in value) return whole(3, BigInt(value.whole));
  if ('real' in value) return eight(4, (bytes) => void bytes.writeDoubleLE(Number(value.real)));
  if ('bytes' in value) return block(7, Buffer.from(value.bytes, 'base64'));
  if ('list' in value) return block(5, Buffer.concat(value.list.map((one) => block(1, anyValue(one)))));
  return block(6, pairs(1, value.map));
};
const pairs = (number: number, values: SpanValues): Buffer =>
  Buffer.concat(Object.entries(values).map(([key, value]) => block(number, Buffer.concat([text(1, key), block(2, anyValue(value))]))));
const statusCodes = { unset: 0n, ok: 1n, error: 2n };

const spanBytes = (span: Span): Buffer =>
  Buffer.concat([
    hex(1, span.traceId),
    hex(2, span.spanId),
    text(3, span.traceState),
    hex(4, span.parentId ?? ''),
    text(5, span.name),
    whole(6, BigInt(span.kind)),
    fixed64(7, span.startNs),
    fixed64(8, span.endNs ?? 0),
    pairs(9, span.attributes),
    ...span.events.map(({ name, timeNs, attributes }) =>
      block(11, Buffer.concat([fixed64(1, timeNs), text(2, name), pairs(3, attributes)])),
    ),
    ...span.links.map(({ traceId, spanId, attributes }) =>
      block(13, Buffer.concat([hex(1, traceId), hex(2, spanId), pairs(4, attributes)])),
    ),
    block(15, Buffer.concat([text(2, span.statusMessage), whole(3, statusCodes[span.status])])),
    // Fields that come with later releases.
    whole(99, 7n),
  ]);
export const otlpBytes = (spans: readonly Span[]): Buffer =>
  block(
    1,
    Buffer.concat([
      block(1, pairs(1, { 'service.name': 'test' })),
      block(2, Buffer.concat(spans.map((span) => block(2, spanBytes(span))))),
    ]),
  );

const jsonValue = (value: SpanValue): object => {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  if ('whole' in value) return { intValue: value.whole };
  if ('real' in value) return { doubleValue: value.real };
  if ('bytes' in value) return { bytesValue: value.bytes };
  if ('list' in value) return { arrayValue: { values: value.list.map(jsonValue) } };
  return { kvlistValue: { values: jsonPairs(value.map) } };
};
const jsonPairs = (values: SpanValues): object[] => Object.entries(values).map(([key, value]) => ({ key, value: jsonValue(value) }));
export const otlpJson = (spans: readonly Span[]): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: jsonPairs({ 'service.name': 'test' }) },
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              ...(span.parentId !== null && { parentSpanId: span.parentId }),
              traceState: span.traceState,
              name: span.name,
              kind: span.kind,
              startTimeUnixNano: String(span.startNs),
              endTimeUnixNano: String(span.endNs ?? 0),
              attributes: jsonPairs(span.attributes),
              events: span.events.map(({ name, timeNs, attributes }) => ({
                name,
                timeUnixNano: timeNs,
                attributes: jsonPairs(attributes),
              })),
              links: span.links.map((link) => ({ ...link, attributes: jsonPairs(link.attributes) })),
              status: { code: Number(statusCodes[span.status]), message: span.statusMessage },
            })),
          },
        ],
      },
    ],
  });
