import { countLatency, emptyHistogram, type LatencyHistogram, latencyQuantile, mergeHistograms } from './latency-histogram.ts';

/** The last five minutes, in slots of ten seconds. */
const slotMs = 10_000;
const slots = 30;

export interface Traffic {
  readonly requests: number;
  /** Failures of ours: what callers sent wrong, or gave up, is not among them. */
  readonly errors: number;
  readonly p95Ms: number | null;
}
export interface Tally {
  readonly requests: number;
  readonly errors: number;
  readonly latency: LatencyHistogram;
}
interface Slot {
  number: number;
  requests: number;
  errors: number;
  latency: number[];
}

export const windowMs = slotMs * slots;

/** Requests of the last five minutes, and all since the start. */
export const createLatencyWindow = () => {
  const ring: (Slot | undefined)[] = Array.from({ length: slots });
  const all: Omit<Slot, 'number'> = { requests: 0, errors: 0, latency: emptyHistogram() };
  const count = (tally: Omit<Slot, 'number'>, ms: number, isError: boolean): void => {
    tally.requests++;
    if (isError) tally.errors++;
    countLatency(tally.latency, ms);
  };
  const slotAt = (at: number): Slot | undefined => {
    const number = Math.floor(at / slotMs);
    const held = ring[number % slots];
    if (held && held.number >= number) return held.number === number ? held : undefined;
    return (ring[number % slots] = { number, requests: 0, errors: 0, latency: emptyHistogram() });
  };
  const within = (now: number): Slot[] => {
    const current = Math.floor(now / slotMs);
    return ring.filter((slot): slot is Slot => slot !== undefined && slot.number > current - slots && slot.number <= current);
  };
  const lately = (now: number): Tally => {
    const held = within(now);
    return {
      requests: held.reduce((sum, { requests }) => sum + requests, 0),
      errors: held.reduce((sum, { errors }) => sum + errors, 0),
      latency: mergeHistograms(held.map(({ latency }) => latency)),
    };
  };

  return {
    add: (at: number, ms: number, isError: boolean): void => {
      count(all, ms, isError);
      const slot = slotAt(at);
      if (slot) count(slot, ms, isError);
    },
    /** From before the start, so that a restart does not look like silence. */
    recall: (at: number, ms: number, isError: boolean): void => {
      const slot = slotAt(at);
      if (slot) count(slot, ms, isError);
    },
    lately,
    /** The slots of the last five minutes in which something was asked, oldest first. */
    series: (now: number): (Tally & { readonly from: number })[] =>
      within(now)
        .toSorted((a, b) => a.number - b.number)
        .map(({ number, ...tally }) => ({ ...tally, from: number * slotMs })),
    sinceStart: (): Tally => ({ ...all, latency: [...all.latency] }),
    traffic: (now: number): Traffic => {
      const { requests, errors, latency } = lately(now);
      return { requests, errors, p95Ms: latencyQuantile(latency, 0.95) };
    },
  };
};
export type LatencyWindow = ReturnType<typeof createLatencyWindow>;
