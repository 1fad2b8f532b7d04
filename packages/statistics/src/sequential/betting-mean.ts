import { notTestable, type NotTestable } from '../result.ts';
import { demandFraction } from './demands.ts';
import type { BoundedMeanOptions } from './empirical-bernstein.ts';
import { alwaysValidP, logAdd } from './evidence.ts';
import type { MeanReading } from './mean-sequence.ts';
import { demandRange, nextBet, noPlugIn, type PlugIn, scaled, withPlugIn } from './plug-in.ts';

export interface BettingMeanOptions extends BoundedMeanOptions {
  /** The means that are bet against lie range/steps apart, and the interval's ends are rounded outward to them. */
  readonly steps?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface BettingMean {
  readonly process: 'betting-mean';
  readonly low: number;
  readonly high: number;
  readonly alpha: number;
  readonly steps: number;
  readonly nullMean: number | null;
  readonly plugIn: PlugIn;
  /** ln of the capital won by betting that the mean is above, and below, each mean of the grid. */
  readonly logAbove: readonly number[];
  readonly logBelow: readonly number[];
  /** The same against the null mean. */
  readonly logAboveNull: number;
  readonly logBelowNull: number;
  readonly logE: number;
  readonly maxLogE: number;
}

/**
 * Begins the betting sequence of a mean of bounded values: exact as `empiricalBernstein` and narrower but for its grid, which each
 * value is held against: 200 steps by default. Values lie from `low` to `high`, 0 to 1 by default. RangeError for options out of range.
 */
export const bettingMean = ({ low = 0, high = 1, alpha = 0.05, nullMean = null, steps = 200 }: BettingMeanOptions = {}): BettingMean => {
  demandRange({ low, high });
  demandFraction('alpha', alpha);
  if (nullMean !== null) scaled(nullMean, { low, high });
  if (!(Number.isInteger(steps) && steps > 0)) throw new RangeError(`steps is a whole number above 0, not ${steps}`);
  const nothing = Array.from({ length: steps + 1 }, () => 0);
  return {
    process: 'betting-mean',
    low,
    high,
    alpha,
    steps,
    nullMean,
    plugIn: noPlugIn,
    logAbove: nothing,
    logBelow: nothing,
    logAboveNull: 0,
    logBelowNull: 0,
    logE: 0,
    maxLogE: 0,
  };
};

/** ln(1 + λ(x − m)) with λ at most ½/m, so that no value ruins the bettor. */
const above = (x: number, m: number, bet: number): number => Math.log1p(Math.min(bet, 0.5 / m) * (x - m));
const below = (x: number, m: number, bet: number): number => above(1 - x, 1 - m, bet);

/**
 * The state after one more value. K⁺(m) = Π(1 + λ(x − m)) and K⁻(m) = Π(1 − λ(x − m)) are martingales for the mean m; E is the average
 * of both against the null mean. Source: Waudby-Smith, Ramdas 2024 (2010.09686), theorem 3 (hedged capital, truncated at ½).
 * RangeError for a value outside the range.
 */
export const observeBettingMean = (state: BettingMean, value: number): BettingMean => {
  const x = scaled(value, state);
  const bet = nextBet(state.plugIn, state.alpha);
  const next = {
    ...state,
    plugIn: withPlugIn(state.plugIn, x),
    logAbove: state.logAbove.map((sum, i) => sum + above(x, i / state.steps, bet)),
    logBelow: state.logBelow.map((sum, i) => sum + below(x, i / state.steps, bet)),
  };
  if (state.nullMean === null) return next;
  const m = scaled(state.nullMean, state);
  const logAboveNull = state.logAboveNull + above(x, m, bet);
  const logBelowNull = state.logBelowNull + below(x, m, bet);
  const logE = logAdd(logAboveNull, logBelowNull) - Math.LN2;
  return { ...next, logAboveNull, logBelowNull, logE, maxLogE: Math.max(state.maxLogE, logE) };
};

/**
 * All means m with K⁺(m) and K⁻(m) below 2/α, rounded outward to the grid: K⁺ falls and K⁻ rises with m, so they are one interval.
 * Not testable before the first value, and when all means are refused, which says that the mean moved.
 */
export const readBettingMean = (state: BettingMean): MeanReading | NotTestable => {
  const { low, high, alpha, steps, plugIn } = state;
  const method = 'betting confidence sequence, hedged capital';
  if (plugIn.n === 0) return notTestable(method, [0], 'there is no value');
  const level = Math.log(2 / alpha);
  const first = state.logAbove.findIndex((capital) => capital < level);
  const last = state.logBelow.findLastIndex((capital) => capital < level);
  const from = Math.max(0, (first < 0 ? steps + 1 : first) - 1);
  const to = Math.min(steps, last + 1);
  if (from >= to) return notTestable(method, [plugIn.n], 'the values refuse every mean: it moved while they came');
  const unscaled = (i: number) => low + (i / steps) * (high - low);
  return {
    testable: true,
    method,
    sizes: [plugIn.n],
    mean: low + (plugIn.sum / plugIn.n) * (high - low),
    interval: { low: unscaled(from), high: unscaled(to), confidence: 1 - alpha },
    logE: state.nullMean === null ? null : state.logE,
    pValue: state.nullMean === null ? null : alwaysValidP(state.maxLogE),
  };
};
