import type { Evidence } from '@boucle/contract';

interface Reported {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly intervals?: Readonly<Record<string, readonly [number, number]>>;
}

/** What an evaluation reported, each metric with the digest of the predictions it can be computed from again. */
export const evidenceOf = (report: unknown, digest: string): Evidence[] => {
  const { metrics = {}, intervals = {} } = (report ?? {}) as Reported;
  return Object.entries(metrics).map(([metric, value]) => {
    const interval = intervals[metric];
    return { metric, value, interval: interval ? [interval[0], interval[1]] : null, digest };
  });
};
