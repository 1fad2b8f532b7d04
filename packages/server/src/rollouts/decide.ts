import type { Rollout, RolloutPolicy, RolloutVerdict } from '@boucle/contract';
import { decideRampSafe, type Paired, type RampSafe, readMeanDifference, readSampleRatio } from '@boucle/statistics';
import type { Comparison } from './comparison.ts';
import { alphaOf, goalOf, latencyMarginText } from './policy.ts';
import { advance, type Control, type Move, promoted } from './stages.ts';

/** All that a decision knows. */
export interface Look {
  readonly control: Control;
  readonly comparison: Comparison;
  readonly policy: RolloutPolicy;
  /** In epoch milliseconds. */
  readonly now: number;
}
/** Waits; by the clock until `wake`, where time alone may bring the next verdict. */
export interface Hold {
  readonly kind: 'hold';
  readonly message: string;
  readonly wake: number | null;
}
/** A verdict: where the rollout stands after it. */
export interface Decided {
  readonly kind: RolloutVerdict['kind'];
  readonly message: string;
  readonly move: Move;
}
export type Decision = Hold | Decided;

/**
 * What becomes of a rollout, from its evidence, its policy, where it stands and what time it is, and from nothing else.
 * Against the candidate first, and always: a pause and an invalid comparison stop verdicts in its favour only.
 */
export const decide = (look: Look): Decision => {
  const { control, comparison, policy } = look;
  if (control.stage !== 'shadow' && control.stage !== 'canary' && control.stage !== 'watch') return hold('Nothing is compared yet');
  const against = evidenceAgainst(comparison, policy);
  if (against !== null) return rollBack(against);
  if (control.stage === 'watch') return decideWatch(look);
  if (control.paused) return hold('Paused: the share is kept, and only evidence against the candidate acts');
  return control.stage === 'shadow' ? decideShadow(look) : decideCanary(look);
};

/** The first test that shows the candidate to be worse, as a sentence. */
export const evidenceAgainst = (comparison: Comparison, policy: RolloutPolicy): string | null => {
  const goal = goalOf(policy);
  const isCompared = alphaOf(policy, goal) !== undefined;
  const bad = goal === 'errors' ? 'failed requests' : 'wrong labels';
  if (isCompared && !policy.ab && decideRampSafe(comparison.goal).decision === 'rollback') return worse(bad, comparison.goal);
  if (comparison.errors && alphaOf(policy, 'errors') !== undefined && decideRampSafe(comparison.errors).decision === 'rollback')
    return worse('failed requests', comparison.errors);
  if (comparison.slower)
    return `The candidate is slower: its p${Math.round(comparison.slower.p * 100)} latency lies above the baseline's${latencyMarginText(policy)}, beyond doubt at alpha ${round(alphaOf(policy, 'latency')!)}`;
  if (alphaOf(policy, 'pairs') !== undefined) {
    const { pairErrors, pairLabels } = comparison;
    if (pairErrors.discordant.alarmAt !== null) return worseInPairs('fails', 'failed', pairErrors);
    if (pairLabels.discordant.alarmAt !== null) return worseInPairs('is wrong', 'was wrong', pairLabels);
  }
  return null;
};
const worse = (bad: string, { rollbackAt, alphaRollback }: RampSafe): string =>
  `The candidate has ${bad} more often than the baseline: bad event ${rollbackAt} brought the evidence to 1/${round(alphaRollback)}`;

const worseInPairs = (does: string, did: string, { discordant: { alarmAt, alpha } }: Paired): string =>
  `On the same inputs the candidate ${does} more often: of ${alarmAt} on which one version alone ${did}, too many are the candidate's, beyond doubt at alpha ${round(alpha)}`;

const decideShadow = ({ control, comparison: { pairs }, policy, now }: Look): Decision => {
  const { pairs: wanted, deadlineMs } = policy.shadow!;
  const agreement = pairs.pairs === 0 ? '' : `, ${percent(pairs.agreed / pairs.pairs)} of them with the same answer`;
  const wrong = pairs.labelled === 0 ? 'no label came yet, so failures alone were compared' : `${pairs.labelled} of them were labelled`;
  if (pairs.pairs >= wanted) {
    const message = `${pairs.pairs} inputs were answered by both${agreement}; ${wrong}; nothing speaks against the candidate`;
    return { kind: 'shadow', message, move: advance(control, policy) };
  }
  const deadline = control.since + deadlineMs;
  if (now >= deadline) return undecided(pairs.pairs === 0, `Only ${pairs.pairs} of ${wanted} pairs came until the deadline`);
  return hold(`${pairs.pairs} of ${wanted} pairs have been seen${agreement}`, deadline);
};

const decideCanary = (look: Look): Decision => {
  const { control, comparison, policy, now } = look;
  const deadline = control.started + policy.deadlineMs;
  const isOver = now >= deadline;
  const { baseline, candidate } = comparison.arms;
  if (isOver && candidate.units === 0) return undecided(true, 'No request reached the candidate until the deadline');
  const ratio = comparison.sampleRatio && readSampleRatio(comparison.sampleRatio);
  if (ratio?.testable && ratio.biased) {
    const message = `The comparison is invalid: units do not arrive in the planned shares (p ${round(ratio.pValue)}), so nothing speaks in favour`;
    return isOver ? undecided(false, message) : hold(message, deadline);
  }
  if (policy.ab) return decideAb(look);

  const events = comparison.goal.canary + comparison.goal.baseline;
  const units = Math.min(baseline.units, candidate.units);
  if (comparison.goal.promoteAt !== null && events >= policy.minEvents && units >= policy.minUnits) {
    const message = `The candidate's risk is below ${1 + policy.margin} times the baseline's: bad event ${comparison.goal.promoteAt} brought the evidence to 1/${round(policy.alphaPromote)}`;
    return { kind: 'promote', message, move: promoted(policy) };
  }
  if (isOver) return undecided(false, `${events} bad events spoke for neither side until the deadline`);
  return decideStep(look, { deadline, events });
};

/** Raises the share once its time or its requests are over, and while nothing speaks against the candidate. */
const decideStep = ({ control, comparison, policy, now }: Look, { deadline, events }: { deadline: number; events: number }): Decision => {
  const step = policy.schedule[control.step]!;
  const next = policy.schedule[control.step + 1];
  const seen = `${events} bad events so far speak for neither side`;
  if (!next) return hold(`${seen}; the share stays at ${percent(step.share)}`, deadline);
  const requests = control.requests - control.requestsBefore;
  const ends = step.forMs === null ? null : control.since + step.forMs;
  const isDone = (step.requests !== null && requests >= step.requests) || (ends !== null && now >= ends);
  if (!isDone) {
    const until = step.requests === null ? '' : `, ${requests} of ${step.requests} requests`;
    return hold(`${seen}; ${percent(step.share)} go to the candidate${until}`, ends === null ? deadline : Math.min(ends, deadline));
  }
  if (comparison.arms.candidate.units === control.unitsBefore)
    return hold(`No request reached the candidate at ${percent(step.share)}: the share is not raised without evidence`, deadline);
  const processes = [comparison.goal, ...(comparison.errors ? [comparison.errors] : [])];
  if (processes.some(({ logRollback }) => logRollback >= Math.log(policy.holdAt)))
    return hold(`Some evidence speaks against the candidate: the share stays at ${percent(step.share)} until it is gone`, deadline);
  return {
    kind: 'step',
    message: `${requests} requests at ${percent(step.share)} brought nothing against the candidate: ${percent(next.share)} go to it now`,
    move: advance(control, policy),
  };
};

const decideAb = ({ control, comparison, policy, now }: Look): Decision => {
  const deadline = control.started + policy.deadlineMs;
  const reading = readMeanDifference(comparison.ab!);
  const { minUnits, ab } = policy;
  const isEnough = Math.min(comparison.arms.baseline.units, comparison.arms.candidate.units) >= minUnits;
  if (reading.testable && isEnough && reading.pValue < comparison.ab!.alpha && !control.found) {
    const { difference, interval } = reading;
    const isWorse = difference > 0;
    const message = `The candidate is ${isWorse ? 'worse' : 'better'}: its rate of ${goalOf(policy) === 'errors' ? 'failed requests' : 'wrong labels'} differs by ${round(difference)} (${round(interval.low)} to ${round(interval.high)}), p ${round(reading.pValue)}`;
    if (!ab!.act)
      return { kind: 'finding', message: `${message}. What follows is decided by hand`, move: { ...stay(control), found: true } };
    return isWorse ? rollBack(message) : { kind: 'promote', message, move: promoted(policy) };
  }
  if (now >= deadline)
    return undecided(
      false,
      control.found
        ? 'A finding was reported, and nobody acted on it until the deadline'
        : 'Neither version was shown to be better until the deadline',
    );
  return hold(control.found ? 'The finding is reported: promote or roll back by hand' : 'No difference is shown yet', deadline);
};

const decideWatch = ({ control, policy, now }: Look): Decision => {
  const ends = control.since + policy.watchMs;
  if (now < ends) return hold('The candidate answers; what comes in late may still roll it back', ends);
  const move: Move = { ...stay(control), stage: 'ended', status: 'promoted', share: 1 };
  return { kind: 'end', message: 'Nothing spoke against the candidate while it was watched', move };
};

const stay = ({ stage, step, share, found }: Control): Move => ({ stage, step, share, found, status: 'running' });
const ended = (status: Rollout['status']): Move => ({ stage: 'ended', step: 0, share: 0, found: false, status });
const rollBack = (message: string): Decided => ({ kind: 'roll_back', message, move: ended('rolled_back') });
const undecided = (isSilent: boolean, message: string): Decided => ({
  kind: 'end',
  message: `${message}: the baseline stays`,
  move: ended(isSilent ? 'no_traffic' : 'undecided'),
});
const hold = (message: string, wake: number | null = null): Hold => ({ kind: 'hold', message, wake });
const round = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
