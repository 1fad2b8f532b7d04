import { notTestable } from '../result.ts';
import { type Attribution, type AttributionReading, attribution, observeAttribution, readAttribution } from './attribution.ts';
import { demandCount } from './demands.ts';
import type { Reading } from './evidence.ts';

/** All that the process remembers; JSON and back changes no bit of it. */
export interface Paired {
  readonly process: 'paired';
  /** All pairs, those on which both versions agree included. */
  readonly pairs: number;
  readonly discordant: Attribution;
}

export interface Pairs {
  readonly pairs: number;
  readonly candidateOnly: number;
  readonly currentOnly: number;
}

/**
 * Begins the comparison of two versions on the same inputs, as in shadow: McNemar's test made anytime-valid. A pair on which exactly
 * one of them is wrong blames the candidate with probability 1/2 under equal error rates: `attribution` with share .5, Beta(1, 1).
 */
export const paired = ({ alpha = 0.05 }: { readonly alpha?: number } = {}): Paired => ({
  process: 'paired',
  pairs: 0,
  discordant: attribution({ share: 0.5, alpha, a: 1, b: 1 }),
});

/** The state after further pairs: how many, and on how many only the candidate or only the current version was wrong. */
export const observePaired = (state: Paired, { pairs, candidateOnly, currentOnly }: Pairs): Paired => {
  demandCount('pairs', pairs);
  if (!(candidateOnly + currentOnly <= pairs)) {
    throw new RangeError(
      `Pairs on which one version alone is wrong are among all pairs, not ${candidateOnly} and ${currentOnly} of ${pairs}`,
    );
  }
  const discordant = observeAttribution(state.discordant, { canary: candidateOnly, baseline: currentOnly });
  return { ...state, pairs: state.pairs + pairs, discordant };
};

export interface PairedReading extends AttributionReading {
  readonly pairs: number;
  /** The candidate's error rate minus the current version's, over all pairs. */
  readonly difference: number;
}

/** As `readAttribution`; sizes are the pairs on which only the candidate and only the current version was wrong; the risk is their odds. */
export const readPaired = (state: Paired, confidence = 1 - state.discordant.alpha): Reading<PairedReading> => {
  const method = 'paired attribution e-process on discordant pairs, Beta(1, 1)';
  const reading = readAttribution(state.discordant, confidence);
  if (!reading.testable) {
    const why = state.pairs === 0 ? 'no pair has been seen' : `no version alone was wrong in any of ${state.pairs} pairs`;
    return notTestable(method, reading.sizes, why);
  }
  const { canary, baseline } = state.discordant;
  return { ...reading, method, pairs: state.pairs, difference: (canary - baseline) / state.pairs };
};
