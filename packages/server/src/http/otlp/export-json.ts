import { invalid } from '@boucle/contract';
import type { Span, SpanValue, SpanValues } from '../../tracking/index.ts';
import { cleanText, deepestValue, realValue, spanOf, statusOf, valuesOf, wholeValue } from './span-parts.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The spans of an ExportTraceServiceRequest in OTLP's JSON: names in camelCase, ids in hex, 64 bits as texts or numbers. */
export const spansOfJson = (request: unknown): Span[] =>
  list(fieldsOf(request, 'the body')['resourceSpans']).flatMap((resource) =>
    list(fieldsOf(resource, 'resourceSpans')['scopeSpans']).flatMap((scope) =>
      list(fieldsOf(scope, 'scopeSpans')['spans']).map((span) => spanOfJson(fieldsOf(span, 'spans'))),
    ),
  );

const bad = (where: string) => invalid(`Invalid OpenTelemetry format: ${where} is of another type`, 'bad_otlp');
const fieldsOf = (given: unknown, where: string): Fields => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw bad(where);
  return given as Fields;
};
const list = (given: unknown): readonly unknown[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw bad('a list');
  return given;
};
const text = (given: unknown): string => {
  if (given === undefined || given === null) return '';
  if (typeof given !== 'string') throw bad('a text');
  return cleanText(given);
};
const id = (given: unknown): string => text(given).toLowerCase();
const whole = (given: unknown, least: bigint): bigint => {
  const said = given ?? 0;
  const isWhole =
    typeof said === 'bigint' ||
    (typeof said === 'number' && Number.isSafeInteger(said)) ||
    (typeof said === 'string' && /^-?\d{1,20}$/.test(said));
  const value = isWhole ? BigInt(said) : undefined;
  if (value === undefined || value < least || value >= 2n ** 64n) throw bad('a whole number');
  return value;
};
const named = (given: unknown, names: readonly string[]): number => {
  const found = typeof given === 'string' ? names.indexOf(given) : Number(given ?? 0);
  return Number.isInteger(found) && found > 0 && found < names.length ? found : 0;
};
const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map((name) => `SPAN_KIND_${name}`);
const statuses = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`);

const spanOfJson = (span: Fields): Span => {
  const status = fieldsOf(span['status'] ?? {}, 'status');
  return spanOf({
    traceId: id(span['traceId']),
    spanId: id(span['spanId']),
    parentId: id(span['parentSpanId']),
    traceState: text(span['traceState']),
    name: text(span['name']),
    kind: named(span['kind'], kinds),
    startNs: whole(span['startTimeUnixNano'], 0n),
    endNs: whole(span['endTimeUnixNano'], 0n),
    status: statusOf(named(status['code'], statuses)),
    statusMessage: text(status['message']),
    attributes: pairs(span['attributes'], 0),
    events: list(span['events']).map((given) => {
      const event = fieldsOf(given, 'events');
      return { name: text(event['name']), timeNs: String(whole(event['timeUnixNano'], 0n)), attributes: pairs(event['attributes'], 0) };
    }),
    links: list(span['links']).map((given) => {
      const link = fieldsOf(given, 'links');
      return { traceId: id(link['traceId']), spanId: id(link['spanId']), attributes: pairs(link['attributes'], 0) };
    }),
  });
};

const pairs = (given: unknown, depth: number): SpanValues =>
  valuesOf(
    list(given).map((one) => {
      const { key, value } = fieldsOf(one, 'an attribute');
      return [text(key), valueOf(value, depth)] as const;
    }),
  );
const valueOf = (given: unknown, depth: number): SpanValue => {
  if (given === undefined || given === null) return null;
  if (depth > deepestValue)
    throw invalid(`Invalid OpenTelemetry format: values lie more than ${deepestValue} deep in each other`, 'bad_otlp');
  const value = fieldsOf(given, 'a value');
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (stringValue !== undefined) return text(stringValue);
  if (boolValue !== undefined) {
    if (typeof boolValue !== 'boolean') throw bad('boolValue');
    return boolValue;
  }
  if (intValue !== undefined) return wholeValue(BigInt.asIntN(64, whole(intValue, -(2n ** 63n))));
  if (doubleValue !== undefined) return realValue(realOf(doubleValue));
  if (arrayValue !== undefined) return { list: list(fieldsOf(arrayValue, 'arrayValue')['values']).map((one) => valueOf(one, depth + 1)) };
  if (kvlistValue !== undefined) return { map: pairs(fieldsOf(kvlistValue, 'kvlistValue')['values'], depth + 1) };
  if (bytesValue !== undefined) return { bytes: Buffer.from(text(bytesValue), 'base64').toString('base64') };
  return null;
};
const realOf = (given: unknown): number => {
  const number =
    given === 'NaN' ? Number.NaN : typeof given === 'number' || (typeof given === 'string' && given !== '') ? Number(given) : undefined;
  if (number === undefined || (Number.isNaN(number) && given !== 'NaN')) throw bad('doubleValue');
  return number;
};
