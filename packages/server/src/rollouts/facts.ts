import { createHash } from 'node:crypto';
import { canonicalJson, type RolloutPolicy } from '@boucle/contract';
import type { Comparison } from './comparison.ts';
import type { Control } from './stages.ts';

/** The numbers that a verdict is taken from; ln E, to the bit. */
export interface Facts {
  readonly [name: string]: number | null;
}
export const factsOf = (c: Comparison, { share, requests }: Pick<Control, 'share' | 'requests'>): Facts => ({
  share,
  requests,
  baselineUnits: c.arms.baseline.units,
  candidateUnits: c.arms.candidate.units,
  baselineBad: c.goal.baseline,
  candidateBad: c.goal.canary,
  rollback: c.goal.logRollback,
  promote: c.goal.logPromote,
  /** The highest so far: a bound that was reached between two looks was reached. */
  rollbackPeak: c.goal.maxLogRollback,
  promotePeak: c.goal.maxLogPromote,
  errorsRollback: c.errors?.logRollback ?? null,
  sampleRatio: c.sampleRatio?.logE ?? null,
  slowerQuantile: c.slower?.p ?? null,
  pairs: c.pairs.pairs,
  pairErrors: c.pairErrors.discordant.logE,
  pairLabels: c.pairLabels.discordant.logE,
  ab: c.ab?.logE ?? null,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Evidence is a chain that begins with the policy: whoever changes one byte changes every digest after it. */
export const firstDigest = (policy: RolloutPolicy): string => sha256(canonicalJson(policy));
export const nextDigest = (
  before: string,
  { number, at, requests, packed }: { number: number; at: string; requests: number; packed: string },
): string => sha256(`${before}\n${number} ${at} ${requests}\n${packed}`);
