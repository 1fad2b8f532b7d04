import { notTestable } from '../result.ts';
import { logGamma } from '../special/log-gamma.ts';
import { demandCount, demandFraction, demandPositive } from './demands.ts';
import { alwaysValidP, type Evidence, type Reading } from './evidence.ts';

export interface SampleRatioOptions {
  /** The planned share of each arm; they add up to 1. */
  readonly shares: readonly number[];
  /** The Dirichlet mixture has the parameters concentration·share: the larger, the smaller the bias it is tuned to. */
  readonly concentration?: number;
  readonly alpha?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface SampleRatio {
  readonly process: 'sample-ratio';
  readonly shares: readonly number[];
  readonly concentration: number;
  readonly alpha: number;
  /** Units assigned under the shares of now, and ln E of all shares before. */
  readonly counts: readonly number[];
  readonly logEarlier: number;
  /** Units assigned in all. */
  readonly totals: readonly number[];
  readonly logE: number;
  readonly maxLogE: number;
}

/**
 * ln of the Dirichlet-multinomial mixture martingale of the counts n against the planned shares ρ, with a = concentration·ρ:
 * ln Γ(A) − ln Γ(A + N) + Σ(ln Γ(a + n) − ln Γ(a)) − Σ n ln ρ. Source: Lindon, Malek 2020 (2011.03567).
 * RangeError unless there are as many counts as shares, the shares lie between 0 and 1 and add up to 1.
 */
export const logSampleRatio = (counts: readonly number[], { shares, concentration = 100 }: SampleRatioOptions): number => {
  demandShares(shares);
  demandPositive('concentration', concentration);
  if (counts.length !== shares.length) throw new RangeError(`${shares.length} shares need as many counts, not ${counts.length}`);
  let total = 0;
  let sum = 0;
  shares.forEach((share, i) => {
    const n = counts[i]!;
    demandCount('A count', n);
    total += n;
    if (n > 0) sum += logGamma(concentration * share + n) - logGamma(concentration * share) - n * Math.log(share);
  });
  return total === 0 ? 0 : logGamma(concentration) - logGamma(concentration + total) + sum + 0;
};

/** Begins the sequential check that units arrive in the planned shares. Defaults: concentration 100, α .001. RangeError as `logSampleRatio`. */
export const sampleRatio = ({ shares, concentration = 100, alpha = 0.001 }: SampleRatioOptions): SampleRatio => {
  demandFraction('alpha', alpha);
  const counts = shares.map(() => 0);
  logSampleRatio(counts, { shares, concentration });
  return { process: 'sample-ratio', shares: [...shares], concentration, alpha, counts, logEarlier: 0, totals: counts, logE: 0, maxLogE: 0 };
};

/** The state after further units, counted by arm and looked at once. */
export const observeSampleRatio = (state: SampleRatio, more: readonly number[]): SampleRatio => {
  if (more.length !== state.shares.length) throw new RangeError(`${state.shares.length} arms need as many counts, not ${more.length}`);
  for (const n of more) demandCount('A count', n);
  const counts = state.counts.map((n, i) => n + more[i]!);
  const logE = state.logEarlier + logSampleRatio(counts, state);
  return { ...state, counts, totals: state.totals.map((n, i) => n + more[i]!), logE, maxLogE: Math.max(state.maxLogE, logE) };
};

/** The state from which on other shares are planned. What came before keeps its weight: e-values of successive stages multiply. */
export const withPlannedShares = (state: SampleRatio, shares: readonly number[]): SampleRatio => {
  demandShares(shares);
  if (shares.length !== state.shares.length) throw new RangeError(`The comparison has ${state.shares.length} arms, not ${shares.length}`);
  return { ...state, shares: [...shares], counts: shares.map(() => 0), logEarlier: state.logE };
};

export interface SampleRatioReading extends Evidence {
  /** p < α: the comparison is invalid and blocks promotion; alarms for rollback stay active. */
  readonly biased: boolean;
  /** Observed minus planned share of each arm, under the shares of now; null before their first unit. */
  readonly deviations: readonly number[] | null;
}

/** What the check says now. Not testable before the first unit. */
export const readSampleRatio = (state: SampleRatio): Reading<SampleRatioReading> => {
  const method = `sequential sample ratio, Dirichlet ${state.concentration}`;
  if (state.totals.every((n) => n === 0)) return notTestable(method, state.totals, 'no unit has been assigned');
  const pValue = alwaysValidP(state.maxLogE);
  const stage = state.counts.reduce((sum, n) => sum + n, 0);
  const deviations = stage === 0 ? null : state.counts.map((n, i) => n / stage - state.shares[i]!);
  return { testable: true, method, sizes: state.totals, logE: state.logE, pValue, biased: pValue < state.alpha, deviations };
};

const demandShares = (shares: readonly number[]): void => {
  if (shares.length < 2) throw new RangeError('A sample ratio needs two arms or more');
  for (const share of shares) demandFraction('A share', share);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) throw new RangeError(`The planned shares add up to 1, not ${total}`);
};
