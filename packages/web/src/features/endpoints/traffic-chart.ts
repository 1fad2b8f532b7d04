import type { EndpointTraffic } from '@boucle/contract';
import type { Ink, LineSpec, Values } from '../../ui/chart/line-layout.ts';

type VariantTraffic = EndpointTraffic['variants'][number];
type Slot = VariantTraffic['slots'][number];
/** Baseline first; more than these would not be told apart. */
export const inks: readonly Ink[] = ['baseline', 'candidate', 'third', 'quiet'];
const slotMs = 10_000;
const slots = 30;

export type Measure = 'requests' | 'failed' | 'p50' | 'p95' | 'p99';
const measures: Record<Measure, (slot: Slot | undefined) => number | null> = {
  // Where nothing was asked there are no requests, and neither a latency nor a share of failures.
  requests: (slot) => slot?.requests ?? 0,
  failed: (slot) => (slot ? slot.errors / slot.requests : null),
  p50: (slot) => slot?.latencyMs?.p50 ?? null,
  p95: (slot) => slot?.latencyMs?.p95 ?? null,
  p99: (slot) => slot?.latencyMs?.p99 ?? null,
};

/** The last five minutes of each variant, in slots that end with `now`. */
export const trafficSpec = (variants: readonly VariantTraffic[], measure: Measure, now: number): LineSpec => {
  const last = Math.floor(now / slotMs) * slotMs;
  const x = Array.from({ length: slots }, (_, i) => last - (slots - 1 - i) * slotMs);
  const valuesOf = (variant: VariantTraffic): Values => {
    const at = new Map(variant.slots.map((slot) => [Date.parse(slot.from), slot]));
    return x.map((from) => measures[measure](at.get(from)));
  };
  return {
    x,
    lines: variants.slice(0, inks.length).map((variant, i) => ({ name: variant.name, ink: inks[i]!, values: valuesOf(variant) })),
    xTicks: x.filter((from) => from % 60_000 === 0),
    atLeast: [0, measure === 'failed' ? 0.01 : measure === 'requests' ? 4 : 1],
  };
};
