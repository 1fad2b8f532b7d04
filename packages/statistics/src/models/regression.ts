import { type Estimate, notEstimable } from '../estimate.ts';
import type { Interval } from '../proportion.ts';
import { clopperPearson } from './clopper-pearson.ts';
import { meanEstimate } from './mean-estimate.ts';

export interface Predicted {
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

export interface RegressionMetrics {
  readonly rows: number;
  /** Mean of predicted minus actual, in their unit: above 0 the model predicts too much. */
  readonly bias: Estimate;
  /** Mean of |e|, in the unit of the values. */
  readonly mae: Estimate;
  /** √ of the mean of e², in the unit of the values. */
  readonly rmse: Estimate;
  /** Median of |e|, in the unit of the values. */
  readonly medianAbsoluteError: Estimate;
  /** 1 - Σe²/Σ(y - ȳ)², without unit; 1 is best, 0 no better than the mean, and there is no worst. */
  readonly r2: Estimate;
  /** Mean of |e|/|y| as a share, over rows whose actual value is not 0. */
  readonly mape: Estimate;
  /** Mean of 2|e|/(|y| + |ŷ|) as a share from 0 to 2; 0 where both are 0. */
  readonly smape: Estimate;
}

/**
 * How far predictions are off, e being predicted minus actual. Intervals: Student's t for means; for rmse the roots of that of e²; for r2 by
 * the delta method, with the influence of a row ((1 - r2)(y - ȳ)² - e²)/mean (y - ȳ)²; for the median of |e| by order statistics.
 * Source: Hyndman and Koehler 2006; Conover 1999, section 3.2, for the median.
 * RangeError for unequal lengths, a value beyond ±1e100, or a confidence outside 0 to 1.
 */
export const regressionMetrics = ({ actual, predicted }: Predicted, confidence = 0.95): RegressionMetrics => {
  check({ actual, predicted }, confidence);
  const n = actual.length;
  const over = (at: (y: number, said: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => at(actual[i]!, predicted[i]!));
  const absolute = over((y, said) => Math.abs(said - y));
  const ratios = over((y, said) => (y === 0 ? NaN : Math.abs(said - y) / Math.abs(y))).filter((x) => !Number.isNaN(x));
  const mean = (method: string, losses: Float64Array, low = 0): Estimate => meanEstimate(losses, { method, confidence, low });
  const mape = mean('mean absolute percentage error', ratios);
  return {
    rows: n,
    bias: mean(
      'mean error',
      over((y, said) => said - y),
      -Infinity,
    ),
    mae: mean('mean absolute error', absolute),
    rmse: rootOf(
      mean(
        'root of the mean squared error',
        over((y, said) => (said - y) ** 2),
      ),
    ),
    medianAbsoluteError: median(absolute, confidence),
    r2: determination({ actual, predicted }, confidence),
    mape: n > 0 && ratios.length === 0 ? { ...mape, why: 'every actual value is 0' } : mape,
    smape: mean(
      'symmetric mean absolute percentage error',
      over((y, said) => (y === said ? 0 : (2 * Math.abs(said - y)) / (Math.abs(y) + Math.abs(said)))),
    ),
  };
};

/**
 * The pinball loss of predicted quantiles, mean of max(q(y - ŷ), (q - 1)(y - ŷ)), in the unit of the values; least for the true quantile.
 * Source: Koenker and Bassett 1978. RangeError unless 0 < quantile < 1, and as `regressionMetrics`.
 */
export const pinballLoss = ({ actual, predicted }: Predicted, quantile: number, confidence = 0.95): Estimate => {
  check({ actual, predicted }, confidence);
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`A quantile lies strictly between 0 and 1, not ${quantile}`);
  const losses = Float64Array.from({ length: actual.length }, (_, i) => {
    const short = actual[i]! - predicted[i]!;
    return Math.max(quantile * short, (quantile - 1) * short);
  });
  return meanEstimate(losses, { method: 'pinball loss', confidence, low: 0 });
};

const rootOf = (squared: Estimate): Estimate => {
  const interval = squared.interval && {
    ...squared.interval,
    low: Math.sqrt(squared.interval.low),
    high: Math.sqrt(squared.interval.high),
  };
  return { ...squared, value: squared.value === null ? null : Math.sqrt(squared.value), interval };
};

const determination = ({ actual, predicted }: Predicted, confidence: number): Estimate => {
  const method = 'coefficient of determination, delta method';
  const n = actual.length;
  if (n < 2) return notEstimable(method, [n], 'it takes two rows or more');
  const y = Float64Array.from(actual);
  const centre = y.reduce((a, b) => a + b, 0) / n;
  const spread = y.reduce((sum, value) => sum + (value - centre) ** 2, 0) / n;
  if (spread === 0) return notEstimable(method, [n], 'all actual values are equal');
  const missed = y.reduce((sum, value, i) => sum + (predicted[i]! - value) ** 2, 0) / n;
  const value = 1 - missed / spread;
  if (!Number.isFinite(value)) return notEstimable(method, [n], 'the actual values hardly differ');
  const influence = y.map((at, i) => value + ((1 - value) * (at - centre) ** 2 - (predicted[i]! - at) ** 2) / spread);
  const { interval, why } = meanEstimate(influence, { method, confidence, low: -Infinity, high: 1 });
  return { value, interval, method, sizes: [n], ...(why !== undefined && { why }) };
};

/** The interval goes from the order statistic that is above the median with probability at most α/2 to its mirror. */
const median = (values: Float64Array, confidence: number): Estimate => {
  const method = 'median absolute error, order statistics';
  const n = values.length;
  if (n === 0) return notEstimable(method, [0], 'there are no rows');
  const sorted = values.toSorted();
  const value = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
  const interval = medianInterval(sorted, confidence);
  if (interval === null) return { value, interval, method, sizes: [n], why: 'there are too few rows for this confidence' };
  return { value, interval, method, sizes: [n] };
};

const medianInterval = (sorted: Float64Array, confidence: number): Interval | null => {
  const n = sorted.length;
  // The k-th smallest is a bound as long as the exact interval of k - 1 in n lies below 1/2.
  const isBelow = (k: number): boolean => clopperPearson(k - 1, n, confidence)!.high <= 0.5;
  if (!isBelow(1)) return null;
  let [low, high] = [1, Math.ceil(n / 2) + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return { low: sorted[low - 1]!, high: sorted[n - low]!, confidence };
};

const check = ({ actual, predicted }: Predicted, confidence: number): void => {
  if (actual.length !== predicted.length) throw new RangeError(`${actual.length} actual values, but ${predicted.length} predicted ones`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  for (let i = 0; i < actual.length; i++) {
    if (!(Math.abs(actual[i]!) <= 1e100 && Math.abs(predicted[i]!) <= 1e100)) {
      throw new RangeError(`Row ${i} holds a value that is no number within ±1e100; leave it out and count it apart`);
    }
  }
};
