import type { Interval } from './proportion.ts';

/** How large a difference is, apart from whether it is significant. */
export interface Effect {
  /** What it measures, such as `probability of superiority`. */
  readonly name: string;
  readonly value: number;
  readonly interval?: Interval;
}

interface Sampled {
  /** The test's name with its variant, such as `kolmogorov-smirnov, exact`. */
  readonly method: string;
  /** Observations that took part, in the order in which the samples were given. */
  readonly sizes: readonly number[];
}

/** A test that could be carried out. */
export interface Tested extends Sampled {
  readonly testable: true;
  readonly statistic: number;
  /** Under the null hypothesis, the probability of a statistic at least as extreme. */
  readonly pValue: number;
  readonly degreesOfFreedom?: number;
  readonly effect?: Effect;
}

/** A test that the data leave without a meaning: no verdict may be drawn from it in either direction. */
export interface NotTestable extends Sampled {
  readonly testable: false;
  /** The reason, as a sentence's end: `the first sample is empty`. */
  readonly why: string;
}

export type TestResult = Tested | NotTestable;

export const notTestable = (method: string, sizes: readonly number[], why: string): NotTestable => ({
  testable: false,
  method,
  sizes,
  why,
});
