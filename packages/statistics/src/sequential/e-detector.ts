import { demandFraction } from './demands.ts';

export interface EDetectorOptions {
  /** e-SR sums over all times at which the change may have begun and is the quicker; e-CUSUM takes the best of them. */
  readonly method?: 'shiryaev-roberts' | 'cusum';
  /** Without a change, the mean number of values up to an alarm is at least this. */
  readonly meanTimeBetweenFalseAlarms: number;
}

/** All that the detector remembers; JSON and back changes no bit of it. */
export interface EDetector {
  readonly process: 'e-detector';
  readonly method: 'shiryaev-roberts' | 'cusum';
  readonly meanTimeBetweenFalseAlarms: number;
  readonly n: number;
  /** ln of the detector; null while it is 0. */
  readonly logE: number | null;
  /** Values seen when it first reached the threshold; null before. */
  readonly alarmAt: number | null;
}

/**
 * Begins a change detector with a budget of false alarms: alarm when it reaches c = meanTimeBetweenFalseAlarms.
 * RangeError unless c is finite and at least 1.
 */
export const eDetector = ({ method = 'shiryaev-roberts', meanTimeBetweenFalseAlarms }: EDetectorOptions): EDetector => {
  if (!(meanTimeBetweenFalseAlarms >= 1 && Number.isFinite(meanTimeBetweenFalseAlarms))) {
    throw new RangeError(`meanTimeBetweenFalseAlarms counts values, 1 or more, not ${meanTimeBetweenFalseAlarms}`);
  }
  return { process: 'e-detector', method, meanTimeBetweenFalseAlarms, n: 0, logE: null, alarmAt: null };
};

/**
 * ln of the increment of a stream of 0 and 1 whose rate was at most p0 and is feared to be p1: p1/p0 for 1, (1 − p1)/(1 − p0) for 0.
 * With p1 < p0 it watches a rate that was at least p0. RangeError unless 0 < p0, p1 < 1.
 */
export const bernoulliIncrement = (value: boolean, p0: number, p1: number): number => {
  demandFraction('p0', p0);
  demandFraction('p1', p1);
  return value ? Math.log(p1 / p0) : Math.log1p(-p1) - Math.log1p(-p0);
};

/**
 * The state after one more increment e, given as ln e, whose mean given the past is at most 1 before the change:
 * e-SR S = (S + 1)e, e-CUSUM C = max(C, 1)e, from 0. Source: Shin, Ramdas, Rinaldo 2024 (2203.03532).
 * −∞ stands for an increment of 0. The alarm is kept: begin a new detector after it. RangeError for NaN and +∞.
 */
export const observeEDetector = (state: EDetector, logIncrement: number): EDetector => {
  if (!(logIncrement < Infinity)) throw new RangeError(`An increment's logarithm is a number below infinity, not ${logIncrement}`);
  const before = state.logE;
  const grown = state.method === 'cusum' ? Math.max(before ?? 0, 0) : logOnePlus(before);
  const after = grown + logIncrement + 0;
  const logE = after === Number.NEGATIVE_INFINITY ? null : after;
  const n = state.n + 1;
  const hasCrossed = logE !== null && logE >= Math.log(state.meanTimeBetweenFalseAlarms);
  return { ...state, n, logE, alarmAt: state.alarmAt ?? (hasCrossed ? n : null) };
};

/** ln(1 + exp x), 0 for nothing. */
const logOnePlus = (x: number | null): number => (x === null ? 0 : x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
