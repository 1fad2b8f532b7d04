import { normalQuantile } from '../normal-quantile.ts';
import { type Effect, notTestable, type TestResult } from '../result.ts';
import { studentTQuantile, studentTTwoSided } from '../special/student-t.ts';
import { type Sample, sorted } from './pool.ts';
import { requireLevel, tested } from './tested.ts';

export interface TTestOptions {
  /** Unequal, the default, is Welch's test; equal is Student's. */
  readonly variances?: 'unequal' | 'equal' | undefined;
  /** Of the effect's interval; 0.95 unless said. */
  readonly confidence?: number | undefined;
}

/**
 * The t test of equal means, two-sided: t = (x̄ - ȳ)/s with s² = s₁²/n + s₂²/m and Welch's degrees of freedom
 * (Welch 1947, Biometrika 34), or the pooled variance with n + m - 2 (Student 1908).
 * The effect is Cohen's d = (x̄ - ȳ)/pooled standard deviation with the large-sample interval of Hedges and Olkin 1985, section 5.
 * Not testable: fewer than two values in a sample, no variation. RangeError for values that are not finite.
 */
export const tTest = (first: Sample, second: Sample, { variances = 'unequal', confidence = 0.95 }: TTestOptions = {}): TestResult => {
  requireLevel('A confidence', confidence);
  const method = variances === 'equal' ? 't test, equal variances' : 't test, welch';
  const [x, y] = [moments(first), moments(second)];
  const sizes = [x.size, y.size];
  const why = untestable(x, y);
  if (why !== undefined) return notTestable(method, sizes, why);
  const { error, degreesOfFreedom } = standardError(x, y, variances);
  const statistic = (x.mean - y.mean) / error;
  const pValue = studentTTwoSided(statistic, degreesOfFreedom);
  return tested({ method, sizes, statistic, pValue, degreesOfFreedom, effect: cohenD(x, y, confidence) });
};

/** First mean minus second, in the samples' unit, with t's interval; undefined where `tTest` is not testable. Errors as `tTest`. */
export const differenceOfMeans = (
  first: Sample,
  second: Sample,
  { variances = 'unequal', confidence = 0.95 }: TTestOptions = {},
): Effect | undefined => {
  requireLevel('A confidence', confidence);
  const [x, y] = [moments(first), moments(second)];
  if (untestable(x, y) !== undefined) return undefined;
  const { error, degreesOfFreedom } = standardError(x, y, variances);
  const value = x.mean - y.mean;
  const half = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * error;
  return { name: 'difference of means, first - second', value, interval: { low: value - half, high: value + half, confidence } };
};

interface Moments {
  readonly size: number;
  readonly mean: number;
  /** With divisor size - 1. */
  readonly variance: number;
}

const moments = (sample: Sample): Moments => {
  const values = sorted(sample);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Rounding leaves a trace of variation in equal numbers.
  const constant = values[0] === values[values.length - 1];
  return { size: values.length, mean, variance: constant ? 0 : squares / (values.length - 1) };
};

const untestable = (x: Moments, y: Moments): string | undefined => {
  if (x.size < 2 || y.size < 2) return 'each sample needs two values or more';
  return x.variance + y.variance === 0 ? 'neither sample varies' : undefined;
};

const pooledVariance = (x: Moments, y: Moments): number => ((x.size - 1) * x.variance + (y.size - 1) * y.variance) / (x.size + y.size - 2);

const standardError = (x: Moments, y: Moments, variances: 'equal' | 'unequal'): { error: number; degreesOfFreedom: number } => {
  if (variances === 'equal') {
    return { error: Math.sqrt(pooledVariance(x, y) * (1 / x.size + 1 / y.size)), degreesOfFreedom: x.size + y.size - 2 };
  }
  const [p, q] = [x.variance / x.size, y.variance / y.size];
  const share = p / (p + q);
  const degreesOfFreedom = 1 / (share ** 2 / (x.size - 1) + (1 - share) ** 2 / (y.size - 1));
  return { error: Math.sqrt(p + q), degreesOfFreedom };
};

const cohenD = (x: Moments, y: Moments, confidence: number): Effect => {
  const value = (x.mean - y.mean) / Math.sqrt(pooledVariance(x, y));
  const total = x.size + y.size;
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(total / (x.size * y.size) + value ** 2 / (2 * total));
  return { name: "cohen's d, first - second", value, interval: { low: value - half, high: value + half, confidence } };
};
