import { notTestable, type TestResult } from '../result.ts';
import { chiSquareSurvival } from '../special/chi-square.ts';
import { symmetricInverse } from '../special/symmetric-inverse.ts';
import { type Sample, sorted } from './pool.ts';
import { quantileOfSorted } from './quantile.ts';
import { tested } from './tested.ts';

const frequencies = [0.4, 0.8] as const;

/**
 * The test of Epps and Singleton of equal laws by their characteristic functions, fit for whole numbers too.
 * With s half the pooled interquartile range and g(v) = (cos, sin)(t v/s) at t = 0.4 and 0.8: W = N d′S⁺d for the difference d of the
 * mean g and S = (N/n) Cov₁ + (N/m) Cov₂; chi-square with rank(S) degrees of freedom, W shrunk for samples below 25.
 * Source: Epps and Singleton 1986, J. Stat. Comput. Simul. 26; Goerg and Kaiser 2009, Stata J. 9.
 * Not testable: fewer than five values in a sample, a pooled interquartile range of 0. RangeError for values that are not finite.
 */
export const eppsSingleton = (first: Sample, second: Sample): TestResult => {
  const method = 'epps-singleton';
  const [x, y] = [sorted(first), sorted(second)];
  const [n, m] = [x.length, y.length];
  if (Math.min(n, m) < 5) return notTestable(method, [n, m], 'each sample needs five values or more');
  const pooled = joined(x, y).sort();
  const scale = (quantileOfSorted(pooled, 0.75) - quantileOfSorted(pooled, 0.25)) / 2;
  if (scale === 0) return notTestable(method, [n, m], 'the middle half of the values is one value');
  const [p, q] = [moments(x, scale), moments(y, scale)];
  const total = n + m;
  const { inverse, rank } = symmetricInverse(
    p.covariance.map((row, i) => row.map((c, j) => (total / n) * c + (total / m) * q.covariance[i]![j]!)),
  );
  if (rank === 0) return notTestable(method, [n, m], 'neither sample varies');
  const difference = p.mean.map((value, i) => value - q.mean[i]!);
  const w = total * difference.reduce((sum, d, i) => sum + d * inverse[i]!.reduce((inner, c, j) => inner + c * difference[j]!, 0), 0);
  const statistic = Math.max(0, w) * (Math.max(n, m) < 25 ? 1 / (1 + total ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1);
  return tested({ method, sizes: [n, m], statistic, pValue: chiSquareSurvival(statistic, rank), degreesOfFreedom: rank });
};

const joined = (x: Float64Array, y: Float64Array): Float64Array => {
  const all = new Float64Array(x.length + y.length);
  all.set(x);
  all.set(y, x.length);
  return all;
};

/** The mean of g, and its covariance with the size as divisor. */
const moments = (values: Float64Array, scale: number): { mean: number[]; covariance: number[][] } => {
  const waves = frequencies.map((t) => values.map((v) => Math.cos((t * v) / scale)));
  const all = [...waves, ...frequencies.map((t) => values.map((v) => Math.sin((t * v) / scale)))];
  const centred = all.map((wave) => {
    const mean = wave.reduce((sum, value) => sum + value, 0) / wave.length;
    return { mean, rest: wave.map((value) => value - mean) };
  });
  const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length;
  return { mean: centred.map(({ mean }) => mean), covariance: centred.map((a) => centred.map((b) => product(a.rest, b.rest))) };
};
