import type { Span, SpanEvent, SpanLink, SpanValue, SpanValues } from '../../tracking/index.ts';
import { protobuf, ProtobufError, type ProtobufField, protobufFields } from './protobuf.ts';
import { cleanText, deepestValue, type RawSpan, realValue, spanOf, statusOf, valuesOf, wholeValue } from './span-parts.ts';

/** The spans of an ExportTraceServiceRequest in protobuf's bytes; fields that are not known are passed over. */
export const spansOfProtobuf = (request: Uint8Array): Span[] =>
  inside(request, 1).flatMap((resource) => inside(resource, 2).flatMap((scope) => inside(scope, 2).map((span) => spanOf(rawSpan(span)))));

const inside = (bytes: Uint8Array, number: number): Uint8Array[] =>
  [...protobufFields(bytes)].filter((field) => field.number === number).map(protobuf.bytes);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** Reads into what an empty message means. */
const read = <T>(bytes: Uint8Array, message: T, fields: Readonly<Record<number, (into: T, field: ProtobufField) => void>>): T => {
  for (const field of protobufFields(bytes)) fields[field.number]?.(message, field);
  return message;
};
const text = (field: ProtobufField): string => cleanText(protobuf.text(field));
const hex = (field: ProtobufField): string => {
  const bytes = protobuf.bytes(field);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
};

type Pairs = (readonly [string, SpanValue])[];
const rawSpan = (bytes: Uint8Array): RawSpan => {
  const attributes: Pairs = [];
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  const empty: Mutable<RawSpan> = {
    traceId: '',
    spanId: '',
    parentId: '',
    traceState: '',
    name: '',
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    events,
    links,
  };
  const span = read(bytes, empty, {
    1: (into, field) => void (into.traceId = hex(field)),
    2: (into, field) => void (into.spanId = hex(field)),
    3: (into, field) => void (into.traceState = text(field)),
    4: (into, field) => void (into.parentId = hex(field)),
    5: (into, field) => void (into.name = text(field)),
    6: (into, field) => void (into.kind = protobuf.named(field)),
    7: (into, field) => void (into.startNs = protobuf.fixed64(field)),
    8: (into, field) => void (into.endNs = protobuf.fixed64(field)),
    9: (_, field) => void attributes.push(pair(field, 0)),
    11: (_, field) => void events.push(event(protobuf.bytes(field))),
    13: (_, field) => void links.push(link(protobuf.bytes(field))),
    15: (into, field) =>
      void read(protobuf.bytes(field), into, {
        2: (status, inner) => void (status.statusMessage = text(inner)),
        3: (status, inner) => void (status.status = statusOf(protobuf.named(inner))),
      }),
  });
  return { ...span, attributes: valuesOf(attributes) };
};
const event = (bytes: Uint8Array): SpanEvent => {
  const attributes: Pairs = [];
  const found = read(
    bytes,
    { name: '', timeNs: '0' },
    {
      1: (into, field) => void (into.timeNs = String(protobuf.fixed64(field))),
      2: (into, field) => void (into.name = text(field)),
      3: (_, field) => void attributes.push(pair(field, 0)),
    },
  );
  return { ...found, attributes: valuesOf(attributes) };
};
const link = (bytes: Uint8Array): SpanLink => {
  const attributes: Pairs = [];
  const found = read(
    bytes,
    { traceId: '', spanId: '' },
    {
      1: (into, field) => void (into.traceId = hex(field)),
      2: (into, field) => void (into.spanId = hex(field)),
      4: (_, field) => void attributes.push(pair(field, 0)),
    },
  );
  return { ...found, attributes: valuesOf(attributes) };
};

const pair = (field: ProtobufField, depth: number): readonly [string, SpanValue] => {
  const { key, value } = read(
    protobuf.bytes(field),
    { key: '', value: null as SpanValue },
    {
      1: (into, inner) => void (into.key = text(inner)),
      2: (into, inner) => void (into.value = valueOf(protobuf.bytes(inner), depth)),
    },
  );
  return [key, value];
};
const valueOf = (bytes: Uint8Array, depth: number): SpanValue => {
  // Whoever sends decides how deep it goes, and must not decide how deep our own calls go.
  if (depth > deepestValue) throw new ProtobufError(`values lie more than ${deepestValue} deep in each other`);
  return read(
    bytes,
    { value: null as SpanValue },
    {
      1: (into, field) => void (into.value = text(field)),
      2: (into, field) => void (into.value = protobuf.bool(field)),
      3: (into, field) => void (into.value = wholeValue(protobuf.int64(field))),
      4: (into, field) => void (into.value = realValue(protobuf.double(field))),
      5: (into, field) => void (into.value = { list: inside(protobuf.bytes(field), 1).map((one) => valueOf(one, depth + 1)) }),
      6: (into, field) => void (into.value = { map: mapOf(protobuf.bytes(field), depth + 1) }),
      7: (into, field) => void (into.value = { bytes: Buffer.from(protobuf.bytes(field)).toString('base64') }),
    },
  ).value;
};
const mapOf = (bytes: Uint8Array, depth: number): SpanValues =>
  valuesOf([...protobufFields(bytes)].filter(({ number }) => number === 1).map((field) => pair(field, depth)));
