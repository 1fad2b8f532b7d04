import type { RolloutReport, RolloutVerdict } from '@boucle/contract';
import { oddsOf } from './evidence-chart.ts';

/** What a reader wants to know of a rollout in one sentence: facts only, the sentence is the catalogue's. */
export type Outcome =
  | {
      readonly kind: 'evidence';
      readonly side: 'promote' | 'rollback';
      readonly event: number;
      readonly odds: number;
      readonly needed: number;
    }
  | { readonly kind: 'hand'; readonly side: 'promote' | 'rollback'; readonly event: number; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'weighing';
      readonly promote: number;
      readonly rollback: number;
      readonly neededPromote: number;
      readonly neededRollback: number;
    }
  /** Only the server has words for it. */
  | { readonly kind: 'told'; readonly event: number | null; readonly message: string };

export const outcomeOf = ({ rollout, verdicts, series, bounds, standing }: RolloutReport): Outcome => {
  const decided = verdicts.findLast(({ kind }) => kind === 'promote' || kind === 'roll_back');
  if (decided) return decisionOf(decided, bounds);
  const last = series.at(-1);
  if (rollout.endedAt === null && last && (rollout.stage === 'canary' || rollout.stage === 'watch')) {
    return {
      kind: 'weighing',
      promote: oddsOf(last.promote),
      rollback: oddsOf(last.rollback),
      neededPromote: oddsOf(bounds.promote),
      neededRollback: oddsOf(bounds.rollback),
    };
  }
  const end = rollout.endedAt === null ? undefined : verdicts.at(-1);
  return { kind: 'told', event: end && end.seq > 0 ? end.seq : null, message: end?.message ?? standing };
};

const decisionOf = ({ kind, seq, by, message, facts }: RolloutVerdict, bounds: RolloutReport['bounds']): Outcome => {
  const side = kind === 'promote' ? 'promote' : 'rollback';
  if (by !== 'system') return { kind: 'hand', side, event: seq, by, reason: message };
  const ln = facts[side];
  // Another test than these two may have decided: slower answers, or failures beside the goal.
  if (typeof ln !== 'number' || ln < bounds[side] - 1e-9) return { kind: 'told', event: seq, message };
  return { kind: 'evidence', side, event: seq, odds: oddsOf(ln), needed: oddsOf(bounds[side]) };
};
