import type { Estimate, Interval, Proportion } from '@boucle/statistics';

/** One thing measured. Names are the field's own in snake case, such as `f1_macro`; `of` is the label that is meant, where one is. */
export interface Metric extends Estimate {
  readonly name: string;
  readonly of?: string;
}

export const metric = (name: string, estimate: Estimate, of?: string): Metric => ({ name, ...(of !== undefined && { of }), ...estimate });

/** A share as it stands, with Wilson's interval. */
export const shareEstimate = ({ value, interval, trials }: Proportion): Estimate => ({
  value,
  interval,
  method: 'share, Wilson',
  sizes: [trials],
  ...(value === null && { why: 'no row is of the kind that it is about' }),
});

/** Value ± half, cut to what it may be; no interval where nothing varied. */
export const withError = (
  value: number,
  {
    half,
    method,
    rows,
    confidence,
    low = 0,
    high = 1,
  }: { half: number; method: string; rows: number; confidence: number; low?: number; high?: number },
): Estimate => {
  const sizes = [rows];
  if (!(half > 0)) return { value, interval: null, method, sizes, why: 'the rows show no spread' };
  const interval: Interval = { low: Math.max(low, value - half), high: Math.min(high, value + half), confidence };
  return { value, interval, method, sizes };
};
