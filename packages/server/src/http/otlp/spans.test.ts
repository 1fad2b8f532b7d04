import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@boucle/contract';
import fc from 'fast-check';
import { otlpBytes, otlpJson } from '../../testing/otlp-writer.ts';
import type { Span, SpanValue } from '../../tracking/index.ts';
import { spansOfJson } from './export-json.ts';
import { spansOfProtobuf } from './export-request.ts';
import { ProtobufError } from './protobuf.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id.fill(1, 0, 1)).toString('hex'));
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((given) => given.toWellFormed().replaceAll('\0', '.'));
const ns = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const value = fc.letrec<{ value: SpanValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.boolean(),
    fc.maxSafeInteger().map((whole) => (Object.is(whole, -0) ? 0 : whole)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map((whole) => ({ whole: String(whole) })),
    fc.double().map((real) => ({ real: Number.isFinite(real) ? real : String(real) })),
    fc.constant(null),
    fc.uint8Array().map((bytes) => ({ bytes: Buffer.from(bytes).toString('base64') })),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => ({ list })),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }).map((map) => ({ map })),
  ),
})).value;
const values = fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true });
const span: fc.Arbitrary<Span> = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentId: fc.option(hex(8)),
  name: text,
  kind: fc.integer({ min: 0, max: 5 }),
  startNs: ns,
  endNs: fc.option(ns),
  status: fc.constantFrom('unset', 'ok', 'error'),
  statusMessage: text,
  traceState: text,
  attributes: values,
  events: fc.array(fc.record({ name: text, timeNs: ns.map(String), attributes: values }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: hex(16), spanId: hex(8), attributes: values }), { maxLength: 2 }),
});
/** JSON has one zero only. */
const positive = (spans: readonly Span[]): Span[] =>
  JSON.parse(
    JSON.stringify(spans, (_, one: unknown) => (typeof one === 'bigint' ? `n${one}` : one)),
    (_, one: unknown) => (typeof one === 'string' && /^n\d+$/.test(one) ? BigInt(one.slice(1)) : one),
  ) as Span[];

test('spans are read as they were written, from bytes and from JSON', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 3 }), (spans) => {
      assert.deepEqual(positive(spansOfProtobuf(otlpBytes(spans))), positive(spans));
      assert.deepEqual(positive(spansOfJson(JSON.parse(otlpJson(spans)))), positive(spans));
    }),
    { numRuns: 60 },
  );
});

test('bytes that are damaged are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(span, fc.nat(), fc.nat(255), (one, at, byte) => {
      const bytes = otlpBytes([one]);
      bytes[at % bytes.length] = byte;
      try {
        spansOfProtobuf(bytes);
        spansOfProtobuf(bytes.subarray(0, at % bytes.length));
      } catch (error) {
        assert.ok(error instanceof ProtobufError || (error instanceof AppError && error.reason === 'bad_span'), String(error));
      }
    }),
  );
});

test('any other JSON is read or refused, and nothing else', () => {
  const keys = ['resourceSpans', 'scopeSpans', 'spans', 'attributes', 'status', 'key', 'value', 'intValue', 'arrayValue', 'traceId'];
  const json = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('node'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node')),
    ),
  })).node;
  fc.assert(
    fc.property(json, (given) => {
      try {
        spansOfJson({ resourceSpans: [{ scopeSpans: [{ spans: [given] }] }, given] });
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid_request', String(error));
      }
    }),
  );
});

const ids = { traceId: '01'.repeat(16), spanId: '02'.repeat(8), parentId: null };
const nothing = { attributes: {}, events: [], links: [], statusMessage: '', traceState: '' };
const one: Span = { ...ids, ...nothing, name: 'a', kind: 0, startNs: 1n, endNs: 2n, status: 'ok' };
test('a span that cannot be one of ours is refused', () => {
  const wrong: Partial<Span>[] = [
    { traceId: '' },
    { traceId: '01' },
    { traceId: '00'.repeat(16) },
    { spanId: '00'.repeat(8) },
    { spanId: '02'.repeat(9) },
    { parentId: '03' },
    { startNs: 2n ** 63n },
  ];
  for (const part of wrong) {
    assert.throws(() => spansOfProtobuf(otlpBytes([{ ...one, ...part }])), { reason: 'bad_span' }, JSON.stringify(Object.keys(part)));
    assert.throws(() => spansOfJson(JSON.parse(otlpJson([{ ...one, ...part }]))), { reason: 'bad_span' });
  }
});
test('zeros for a parent mean none', () => {
  assert.equal(spansOfProtobuf(otlpBytes([{ ...one, parentId: '00'.repeat(8) }]))[0]!.parentId, null);
});
test('values that lie too deep in each other are refused', () => {
  let deep: SpanValue = 'x';
  for (let depth = 0; depth < 200; depth++) deep = depth % 2 ? { list: [deep] } : { map: { a: deep } };
  assert.throws(() => spansOfJson(JSON.parse(otlpJson([{ ...one, attributes: { deep } }]))), { reason: 'bad_otlp' });
  assert.throws(() => spansOfProtobuf(otlpBytes([{ ...one, attributes: { deep } }])), ProtobufError);
});
test('texts are such as both databases hold', () => {
  const [read] = spansOfJson(JSON.parse(otlpJson([{ ...one, name: 'a\0b\ud800' }])));
  assert.equal(read!.name, 'a\uFFFDb\uFFFD');
});
