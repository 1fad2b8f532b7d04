/** Requests of the last five minutes, in slots of ten seconds; latencies in bins that grow by a tenth, so a quantile is right to 5 %. */
const slotMs = 10_000;
const slots = 30;
const growth = 1.1;
const leastMs = 0.01;
/** The last bin holds all above two minutes. */
const bins = 172;

export interface Traffic {
  readonly requests: number;
  /** Failures of ours: what callers sent wrong, or gave up, is not among them. */
  readonly errors: number;
  readonly p95Ms: number | null;
}
interface Slot {
  number: number;
  requests: number;
  errors: number;
  latencies: Uint32Array;
}

export const windowMs = slotMs * slots;

export const createLatencyWindow = () => {
  const ring: (Slot | undefined)[] = Array.from({ length: slots });
  const binOf = (ms: number): number => Math.min(bins - 1, Math.max(0, Math.ceil(Math.log(ms / leastMs) / Math.log(growth))));
  const within = (now: number): Slot[] =>
    ring.filter(
      (slot): slot is Slot =>
        slot !== undefined && slot.number > Math.floor(now / slotMs) - slots && slot.number <= Math.floor(now / slotMs),
    );

  return {
    add: (at: number, ms: number, isError: boolean): void => {
      const number = Math.floor(at / slotMs);
      let slot = ring[number % slots];
      if (slot && slot.number > number) return;
      if (slot?.number !== number) ring[number % slots] = slot = { number, requests: 0, errors: 0, latencies: new Uint32Array(bins) };
      slot.requests++;
      if (isError) slot.errors++;
      slot.latencies[binOf(ms)]!++;
    },
    traffic: (now: number): Traffic => {
      const held = within(now);
      const requests = held.reduce((sum, slot) => sum + slot.requests, 0);
      const errors = held.reduce((sum, slot) => sum + slot.errors, 0);
      return { requests, errors, p95Ms: requests === 0 ? null : quantile(held, requests, 0.95) };
    },
  };
};
export type LatencyWindow = ReturnType<typeof createLatencyWindow>;

/** The middle of the bin in which the request of that rank lies. */
const quantile = (held: readonly Slot[], requests: number, share: number): number => {
  const rank = Math.ceil(requests * share);
  let seen = 0;
  for (let bin = 0; bin < bins; bin++) {
    for (const { latencies } of held) seen += latencies[bin]!;
    if (seen >= rank) return Number((leastMs * growth ** (bin - 0.5)).toPrecision(3));
  }
  return leastMs * growth ** bins;
};
