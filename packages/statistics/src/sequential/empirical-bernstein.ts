import { notTestable, type NotTestable } from '../result.ts';
import { demandFraction } from './demands.ts';
import { alwaysValidP, logAdd } from './evidence.ts';
import type { MeanReading } from './mean-sequence.ts';
import { demandRange, nextBet, noPlugIn, type PlugIn, plugInMean, type Range, scaled, withPlugIn } from './plug-in.ts';

export interface BoundedMeanOptions extends Partial<Range> {
  readonly alpha?: number;
  /** A mean to gather evidence against, in units of the values. */
  readonly nullMean?: number | null;
}

/** All that the process remembers; JSON and back changes no bit of it. Sums are of values scaled to 0 to 1. */
export interface EmpiricalBernstein {
  readonly process: 'empirical-bernstein';
  readonly low: number;
  readonly high: number;
  readonly alpha: number;
  readonly nullMean: number | null;
  readonly plugIn: PlugIn;
  readonly bets: number;
  readonly betValues: number;
  readonly penalty: number;
  readonly logE: number;
  readonly maxLogE: number;
}

/**
 * Begins the empirical-Bernstein sequence of a mean of bounded values, exact at every n, whatever their distribution, as long as each
 * value's mean given those before is the same. Values lie from `low` to `high`, 0 to 1 by default. RangeError for options out of range.
 */
export const empiricalBernstein = ({ low = 0, high = 1, alpha = 0.05, nullMean = null }: BoundedMeanOptions = {}): EmpiricalBernstein => {
  demandRange({ low, high });
  demandFraction('alpha', alpha);
  if (nullMean !== null) scaled(nullMean, { low, high });
  return {
    process: 'empirical-bernstein',
    low,
    high,
    alpha,
    nullMean,
    plugIn: noPlugIn,
    bets: 0,
    betValues: 0,
    penalty: 0,
    logE: 0,
    maxLogE: 0,
  };
};

/**
 * The state after one more value. With λ the bet (at most ½), v = (x − μ̂)², μ̂ from the values before, and ψ(λ) = −ln(1 − λ) − λ,
 * exp(±Σλ(x − m) − Σvψ) are supermartingales for the mean m; E is their average. Sources: Howard, Ramdas, McAuliffe, Sekhon 2021
 * (1810.08240), theorem 4; Waudby-Smith, Ramdas 2024 (2010.09686), theorem 2. RangeError for a value outside the range.
 */
export const observeEmpiricalBernstein = (state: EmpiricalBernstein, value: number): EmpiricalBernstein => {
  const x = scaled(value, state);
  const bet = Math.min(0.5, nextBet(state.plugIn, state.alpha));
  const bets = state.bets + bet;
  const betValues = state.betValues + bet * x;
  const penalty = state.penalty + (x - plugInMean(state.plugIn)) ** 2 * (-Math.log1p(-bet) - bet);
  const next = { ...state, plugIn: withPlugIn(state.plugIn, x), bets, betValues, penalty };
  if (state.nullMean === null) return next;
  const away = betValues - scaled(state.nullMean, state) * bets;
  const logE = logAdd(away, -away) - penalty - Math.LN2;
  return { ...next, logE, maxLogE: Math.max(state.maxLogE, logE) };
};

/** Σλx/Σλ ± (ln(2/α) + Σvψ)/Σλ, within the range. `mean` is the plain average. Not testable before the first value. */
export const readEmpiricalBernstein = (state: EmpiricalBernstein): MeanReading | NotTestable => {
  const { low, high, alpha, plugIn, bets } = state;
  const method = 'empirical-Bernstein confidence sequence, predictable plug-in';
  if (plugIn.n === 0) return notTestable(method, [0], 'there is no value');
  const centre = state.betValues / bets;
  const radius = (Math.log(2 / alpha) + state.penalty) / bets;
  const unscaled = (x: number) => low + Math.max(0, Math.min(1, x)) * (high - low);
  return {
    testable: true,
    method,
    sizes: [plugIn.n],
    mean: unscaled(plugIn.sum / plugIn.n),
    interval: { low: unscaled(centre - radius), high: unscaled(centre + radius), confidence: 1 - alpha },
    logE: state.nullMean === null ? null : state.logE,
    pValue: state.nullMean === null ? null : alwaysValidP(state.maxLogE),
  };
};
