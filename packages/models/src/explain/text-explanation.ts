import type { Placed } from './words.ts';

export interface TextExplainOptions {
  /** The label that is explained; the predicted one where none is given. */
  readonly label?: string;
  /** For integrals: the share of the difference between output and baseline that may be left unexplained. */
  readonly tolerance?: number;
  /** For integrals: points, at most. */
  readonly maxSteps?: number;
}
/** Why a text is said to be of a label: `output` = `baseline` + the sum over words + `gap`. */
export interface TextExplanation {
  readonly label: string;
  /** The logit of the label. */
  readonly output: number;
  /** The logit for a text that says nothing. */
  readonly baseline: number;
  readonly words: readonly Placed[];
  readonly gap: number;
  /** Points of the integral; null where there is none, and the contributions are exact. */
  readonly steps: number | null;
}
