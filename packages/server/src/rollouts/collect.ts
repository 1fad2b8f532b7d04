import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { evidenceKinds, type Prediction } from '@boucle/contract';
import type { GivenLabel } from '../monitoring/index.ts';
import type { Entry } from './evidence-entry.ts';
import type { Pair } from './evidence-store.ts';
import type { RolloutRecord, Route } from './rollout-record.ts';

export interface Collected {
  readonly entries: readonly Entry[];
  readonly pairs: readonly Pair[];
  /** Live requests looked through. */
  readonly requests: number;
  /** Which kinds of evidence each unit has given by now. */
  readonly kinds: ReadonlyMap<string, number>;
}

/** Takes at most one piece of evidence of each kind from a unit, over the whole rollout: one noisy user is one user. */
export const createCollector = (rollout: Pick<RolloutRecord, 'policy' | 'routes'>, known: ReadonlyMap<string, number>) => {
  const routes = new Map(rollout.routes.map((route) => [route.deploymentId, route]));
  const kinds = new Map<string, number>();
  const entries: Entry[] = [];
  const pairs: Pair[] = [];
  let requests = 0;
  const add = (entry: Entry): boolean => {
    const bit = 1 << evidenceKinds.indexOf(entry.kind);
    const before = kinds.get(entry.unit) ?? known.get(entry.unit) ?? 0;
    if ((before & bit) !== 0) return false;
    kinds.set(entry.unit, before | bit);
    entries.push(entry);
    return true;
  };
  const unitOf = (prediction: Prediction): string => unitHash(rollout.policy.salt, prediction);

  return {
    /** An answer that a caller got, or did not get. */
    live: (prediction: Prediction): void => {
      const compared = comparedBy(routes, prediction);
      if (prediction.row === 0 && routes.has(prediction.deploymentId ?? '')) requests += 1;
      if (!compared || prediction.row !== 0) return;
      const about = { at: eventTimeOf(prediction), unit: unitOf(prediction), ...compared };
      add({ ...about, kind: 'unit', outcome: 1 });
      if (prediction.outcome === 'ok') add({ ...about, kind: 'latency', outcome: prediction.latencyMs });
      else if (isFault(prediction)) add({ ...about, kind: 'error', outcome: 1 });
    },
    /** What both versions said to one input; what neither can be blamed for is left out. */
    pair: (live: Prediction, shadow: Prediction): void => {
      if (!routes.has(shadow.deploymentId ?? '') || ![live, shadow].every((one) => one.outcome === 'ok' || isFault(one))) return;
      const [candidate, baseline] = shadow.variant === 'candidate' ? [shadow, live] : [live, shadow];
      const unit = unitOf(live);
      const outcome = isFault(candidate) ? (isFault(baseline) ? 4 : 2) : isFault(baseline) ? 3 : saysSame(candidate, baseline) ? 0 : 1;
      const isNew = add({ at: eventTimeOf(live), unit, arm: 'candidate', share: shadow.share ?? 1, kind: 'pair', outcome });
      if (isNew && outcome < 2)
        pairs.push({ predictionId: live.id, unit, answers: { candidate: answerOf(candidate), baseline: answerOf(baseline) } });
    },
    /** A label of an answer that was compared. The first one of a unit counts, whatever is said later. */
    label: ({ label, at }: GivenLabel, prediction: Prediction): void => {
      const compared = comparedBy(routes, prediction);
      if (!compared || prediction.outcome !== 'ok') return;
      const wrong = isDeepStrictEqual(answerOf(prediction), label) ? 0 : 1;
      add({ at, unit: unitOf(prediction), ...compared, kind: 'label', outcome: wrong });
    },
    /** A label of an input that both versions answered. */
    pairLabel: ({ label, at }: GivenLabel, { unit, answers }: Pair): void => {
      const isWrong = (answer: unknown): boolean => !isDeepStrictEqual(answer, label);
      const outcome = (isWrong(answers.candidate) ? 1 : 0) + (isWrong(answers.baseline) ? 2 : 0);
      add({ at, unit, arm: 'candidate', share: 1, kind: 'pair_label', outcome });
    },
    /** A pair of this look, which is not stored yet. */
    foundPair: (predictionId: string): Pair | undefined => pairs.find((pair) => pair.predictionId === predictionId),
    collected: (): Collected => ({ entries, pairs, requests, kinds }),
  };
};

/**
 * A unit's name in the evidence, which also orders what happened in one moment: that order may know nothing of the arm, so it is
 * another hash than the one that assigned the unit. With the same one all candidates came first, and many labels at once decided wrongly.
 */
export const unitHash = (salt: string, { unit, requestId }: Pick<Prediction, 'unit' | 'requestId'>): string =>
  createHash('sha256')
    .update(`${salt}/evidence/${unit ?? requestId}`)
    .digest('hex')
    .slice(0, 16);

/** The arm and the candidate's share; undefined where one version alone answered, which says nothing of the other. */
const comparedBy = (routes: ReadonlyMap<string, Route>, { deploymentId, variant, share: assigned, shadowOf }: Prediction) => {
  const share = routes.get(deploymentId ?? '')?.share;
  // A caller who named a version was not assigned to it by chance.
  if (share === undefined || share <= 0 || share >= 1 || assigned === null || shadowOf !== null) return undefined;
  if (variant === 'candidate' || variant === 'baseline') return { arm: variant, share } as const;
  return undefined;
};
/** A clock that runs ahead does not make evidence wait for ever. */
const eventTimeOf = ({ eventTime, arrivalTime }: Prediction): number => Math.min(Date.parse(eventTime), Date.parse(arrivalTime));
/** A failure of ours; what callers sent wrong, or gave up, is none. */
const isFault = ({ outcome }: Prediction): boolean => outcome === 'error' || outcome === 'timeout' || outcome === 'unavailable';

/** What a label is held against: the answer's label where it has one. */
const answerOf = ({ outputs }: Prediction): unknown =>
  typeof outputs === 'object' && outputs !== null && 'label' in outputs ? (outputs as { label: unknown }).label : outputs;
const saysSame = (a: Prediction, b: Prediction): boolean => isDeepStrictEqual(answerOf(a), answerOf(b));
