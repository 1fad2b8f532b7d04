import { type Estimate, notEstimable } from '../estimate.ts';
import { studentTQuantile } from '../special/student-t.ts';

/**
 * A mean with Student's interval mean ± t s/√n, cut to what the values may be. Rows must be independent.
 * No interval for a single value, nor where all are equal: their spread then says nothing.
 */
export const meanEstimate = (
  values: Float64Array,
  { method, confidence, low = -Infinity, high = Infinity }: { method: string; confidence: number; low?: number; high?: number },
): Estimate => {
  const n = values.length;
  if (n === 0) return notEstimable(method, [0], 'there are no rows');
  const value = values.reduce((a, b) => a + b, 0) / n;
  const without = (why: string): Estimate => ({ value, interval: null, method, sizes: [n], why });
  if (!Number.isFinite(value)) return notEstimable(method, [n], 'it is beyond the largest number');
  if (n === 1) return without('an interval needs two rows or more');
  if (values.every((x) => x === values[0])) return without('all rows are alike, so their spread says nothing');
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1));
  const half = (studentTQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  if (!Number.isFinite(half)) return without('its spread is beyond the largest number');
  return { value, interval: { low: Math.max(low, value - half), high: Math.min(high, value + half), confidence }, method, sizes: [n] };
};
