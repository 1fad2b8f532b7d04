/** Bins of latencies that grow by a tenth, so that a quantile is right to 5 %. The last one holds all above two minutes. */
const growth = 1.1;
const leastMs = 0.01;
const bins = 172;

/** How many in each bin: plain numbers, to be sent, stored and added up. */
export type LatencyHistogram = readonly number[];

export const emptyHistogram = (): number[] => Array.from({ length: bins }, () => 0);
export const countLatency = (histogram: number[], ms: number): void => {
  histogram[Math.min(bins - 1, Math.max(0, Math.ceil(Math.log(ms / leastMs) / Math.log(growth))))]!++;
};
/** What one would have counted who saw all of it. */
export const mergeHistograms = (histograms: readonly LatencyHistogram[]): LatencyHistogram => {
  const sum = emptyHistogram();
  for (const histogram of histograms) histogram.forEach((count, bin) => (sum[bin]! += count));
  return sum;
};
/** The middle of the bin in which the request of that rank lies, in milliseconds; null where none was counted. */
export const latencyQuantile = (histogram: LatencyHistogram, share: number): number | null => {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  const bin = histogram.findIndex((count) => (seen += count) >= rank);
  return Number((leastMs * growth ** (bin - 0.5)).toPrecision(3));
};
/** For each bound, in milliseconds, how many were at most that; bins that reach over a bound count as above it. */
export const latencyUpTo = (histogram: LatencyHistogram, bounds: readonly number[]): number[] =>
  bounds.map((bound) => histogram.reduce((sum, count, bin) => (leastMs * growth ** bin <= bound ? sum + count : sum), 0));
/** All of it together, in milliseconds, from the middles of the bins. */
export const latencySum = (histogram: LatencyHistogram): number =>
  histogram.reduce((sum, count, bin) => (count === 0 ? sum : sum + count * leastMs * growth ** (bin - 0.5)), 0);
