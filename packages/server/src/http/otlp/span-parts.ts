import { invalid } from '@boucle/contract';
import type { Span, SpanValue, SpanValues } from '../../tracking/index.ts';

/** Values within values; what sends more is no client that we know of. */
export const deepestValue = 32;

/** Neither database has NUL in texts, nor halves of characters. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
export const wholeValue = (value: bigint): SpanValue => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { whole: String(value) };
};
/** JSON has neither NaN nor infinities, and does not tell 1.0 from 1. */
export const realValue = (value: number): SpanValue => ({ real: Number.isFinite(value) ? value : String(value) });
/** The last of a key counts. */
export const valuesOf = (pairs: readonly (readonly [string, SpanValue])[]): SpanValues => Object.fromEntries(pairs);

export const statusOf = (code: number): Span['status'] => (code === 2 ? 'error' : code === 1 ? 'ok' : 'unset');

/** A span as a client sent it, whichever way, before it is known to be one. */
export interface RawSpan extends Omit<Span, 'startNs' | 'endNs' | 'parentId'> {
  readonly parentId: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
}
export const spanOf = ({ parentId, startNs, endNs, ...span }: RawSpan): Span => {
  const bad = (why: string) =>
    invalid(`Cannot convert an OpenTelemetry span to one of ours: ${why}`, 'bad_span', { name: span.name.slice(0, 100) });
  if (!/^[0-9a-f]{32}$/.test(span.traceId) || /^0+$/.test(span.traceId))
    throw bad('its trace_id must have 16 bytes, and not all of them 0');
  if (!/^[0-9a-f]{16}$/.test(span.spanId) || /^0+$/.test(span.spanId)) throw bad('its span_id must have 8 bytes, and not all of them 0');
  if (!/^([0-9a-f]{16})?$/.test(parentId)) throw bad('its parent_span_id must have 8 bytes, or none');
  if (startNs >= latest || endNs >= latest) throw bad('it begins or ends after the year 2262');
  return {
    ...span,
    // Clients that know no better say that nothing is above by zeros.
    parentId: /^0*$/.test(parentId) ? null : parentId,
    startNs,
    endNs: endNs === 0n ? null : endNs,
    // A link is a hint: one that is none is left out.
    links: span.links.filter(({ traceId, spanId }) => /^[0-9a-f]{32}$/.test(traceId) && /^[0-9a-f]{16}$/.test(spanId)),
  };
};
const latest = 2n ** 63n;
