import type { GateVerdict, Rollout, RolloutMetric, RolloutVerdict } from '@boucle/contract';
import type { ByHand } from './queries.ts';
import type { Stage, StageName } from './stages.ts';

const plural = (n: number, one: string, other: string): string => (n === 1 ? one : other);
const status: Record<Rollout['status'], string> = {
  running: 'Under way',
  paused: 'Paused',
  promoted: 'Promoted',
  rolled_back: 'Rolled back',
  refused: 'Not let in',
  undecided: 'Undecided',
  no_traffic: 'No traffic came',
  superseded: 'Overtaken',
  failed: 'Failed',
};
const kinds: Record<RolloutVerdict['kind'], string> = {
  gates: 'Gates',
  approval: 'Approval',
  load: 'Loading',
  shadow: 'Shadow',
  step: 'Next share',
  promote: 'Promote',
  roll_back: 'Roll back',
  end: 'End',
  pause: 'Paused',
  resume: 'Resumed',
  finding: 'Finding',
  superseded: 'Overtaken',
  failed: 'Failed',
};

/** Numbers and names as they are written in a sentence. */
type Decided = Record<'event' | 'odds' | 'needed' | 'candidate' | 'baseline' | 'times', string>;
type Weighed = Record<'promote' | 'neededPromote' | 'rollback' | 'neededRollback', string>;

export const en = {
  question: 'Is the new version safe, and who or what decides?',
  list: 'Rollouts, newest first',
  all: 'All rollouts',
  title: (number: number, endpoint: string) => `Rollout ${number} of ${endpoint}`,
  version: (n: number) => `v${n}`,
  what: (model: string, candidate: string, baseline: string | null) =>
    baseline === null ? `${model} ${candidate}, the first version there` : `${model} ${candidate} against ${baseline}`,
  kind: { canary: 'canary', blue_green: 'blue-green', ab: 'A/B test' },
  status,
  story: 'its story',
  startedBy: (who: string, when: string) => `started by ${who}, ${when} UTC`,
  events: (count: string, n: number) => `${count} ${plural(n, 'piece of evidence', 'pieces of evidence')}`,
  shareNow: (share: string) => `${share} to the candidate`,
  stages: 'The way of the version',
  stage: { gates: 'Gates', approval: 'Approval', shadow: 'Shadow', canary: 'Canary', watch: 'Watch', done: 'Done' } satisfies Record<
    StageName,
    string
  >,
  stageState: {
    passed: 'passed',
    current: 'now',
    ahead: 'ahead',
    'left out': 'left out',
    stopped: 'stopped here',
  } satisfies Record<Stage['state'], string>,
  stepShare: (share: string, ofSteps: string) => `${share}, step ${ofSteps}`,
  loading: 'loading',
  pairs: (seen: string, wanted: string) => `${seen} of ${wanted} pairs`,
  given: (given: string, needed: string) => `${given} of ${needed} agreed`,
  verdict: {
    title: 'Verdict',
    headline: (state: Rollout['status'], candidate: string, baseline: string | null) =>
      ({
        running: `${candidate} is on its way`,
        paused: `${candidate} is paused`,
        promoted: `${candidate} was promoted`,
        rolled_back: baseline === null ? `${candidate} was rolled back` : `${candidate} was rolled back, ${baseline} answers`,
        refused: `${candidate} was not let in`,
        undecided: baseline === null ? 'Nothing was decided' : `Nothing was decided, ${baseline} stays`,
        no_traffic: 'No traffic came, so nothing was decided',
        superseded: 'Somebody deployed by hand meanwhile',
        failed: `${candidate} could not be rolled out`,
      })[state],
    promoted: ({ event, odds, needed, candidate, baseline, times }: Decided) =>
      `At event ${event} the evidence that ${candidate} goes wrong less than ${times} times as often as ${baseline} reached ${odds} to 1; ${needed} to 1 was needed.`,
    rolledBack: ({ event, odds, needed, candidate, baseline }: Decided) =>
      `At event ${event} the evidence that ${candidate} goes wrong more often than ${baseline} reached ${odds} to 1; ${needed} to 1 was needed.`,
    byHand: (side: 'promote' | 'rollback', by: string, event: string) =>
      `${by} ${side === 'promote' ? 'promoted it' : 'rolled it back'} by hand, at event ${event}:`,
    weighing: ({ promote, neededPromote, rollback, neededRollback }: Weighed) =>
      `For promotion the evidence stands at ${promote} to 1, and ${neededPromote} to 1 decides; for a rollback at ${rollback} to 1, and ${neededRollback} to 1 decides.`,
    atEvent: (event: string) => `At event ${event}:`,
    wrong: (rollback: string, promote: string, times: string) =>
      `A version that is no worse is rolled back in at most ${rollback} of 100 rollouts, one that is ${times} times as bad promoted in at most ${promote}, however often anyone looks.`,
  },
  evidence: {
    title: 'Evidence',
    chart: 'Odds, log axis',
    rollback: 'that it is worse',
    promote: 'that it is good enough',
    bound: (which: 'rollback' | 'promote' | 'both', odds: string) =>
      ({ rollback: `rollback at ${odds} to 1`, promote: `promotion at ${odds} to 1`, both: `decision at ${odds} to 1` })[which],
    odds: (text: string) => `${text} : 1`,
    decided: 'decided here',
    axis: 'events weighed',
    alone: 'Nothing answered there before, so there is nothing to compare it with.',
    empty: 'Nothing has been weighed yet. The lines begin with the first bad event, of either version.',
  },
  risk: {
    title: 'Relative risk',
    note: (candidate: string, baseline: string) => `How many times as often ${candidate} goes wrong as ${baseline}`,
    times: (n: string) => `${n} times`,
    interval: (confidence: string, low: string, high: string) => `${confidence} interval: ${low} to ${high}`,
    lines: (times: string) => `The lines: 1 (alike) and ${times} (no longer good enough)`,
    none: 'Known with the first bad event.',
  },
  arms: {
    title: 'Variants',
    baseline: 'baseline',
    candidate: 'candidate',
    planned: 'Planned share',
    now: 'Share now',
    observed: 'Observed share',
    units: 'Units',
    errors: 'Failed',
    wrong: 'Wrong labels',
    of: (n: string, all: string) => `${n} of ${all}`,
    biased: (p: string) => `The shares are not those that were planned (p ${p}): the comparison is not to be trusted.`,
    asPlanned: (p: string) => `The shares are compatible with the plan (p ${p}).`,
    empty: 'Filled by the first requests that are compared.',
  },
  latency: {
    title: 'Latency',
    note: 'Quantiles of each variant with their intervals',
    quantile: 'Quantile',
    ratio: 'Candidate over baseline',
    verdict: { worse: 'slower', 'not worse': 'not slower', undecided: 'too close to call' },
    empty: 'Filled by the first answers.',
  },
  shadow: {
    title: 'Shadow',
    note: 'The same inputs, answered by both; callers see only the baseline',
    pairs: 'Pairs seen',
    agreed: 'Same answer',
    candidateFailed: 'Only the candidate failed',
    baselineFailed: 'Only the baseline failed',
    labelled: 'Labelled pairs',
    candidateOnlyWrong: 'Only the candidate wrong',
    baselineOnlyWrong: 'Only the baseline wrong',
    pValue: 'p value',
    difference: 'Difference of error rates',
  },
  ab: {
    title: 'A/B test',
    difference: 'Difference of rates',
    interval: (confidence: string, low: string, high: string) => `${confidence} interval: ${low} to ${high}`,
    matters: (difference: string) => `A difference of ${difference} would matter`,
    pValue: (p: string) => `p ${p}, valid at any time`,
  },
  gates: {
    title: 'Gates',
    note: 'What a version has to show before it may meet anybody',
    verdict: { passed: 'passed', failed: 'failed', undecided: 'left open' } satisfies Record<GateVerdict['verdict'], string>,
    waiting: 'Not judged yet.',
    none: 'The policy asks for no gate.',
    interval: (low: string, high: string) => `${low} to ${high}`,
  },
  approval: {
    title: 'Approval',
    waits: (given: string, needed: string) => `Waits for people: ${given} of ${needed} agreed`,
    status: { open: 'waits', given: 'given', refused: 'refused', withdrawn: 'withdrawn' },
    fourEyes: 'Whoever made the version cannot approve it.',
    votes: 'What each said',
    agreed: 'agreed',
    refused: 'refused',
    approve: 'Approve',
    refuse: 'Refuse',
    approveTitle: (version: string) => `Approve ${version}`,
    refuseTitle: (version: string) => `Refuse ${version}`,
    comment: 'Comment',
    commentHint: 'Stands in the audit log beside your name.',
    keep: 'Decide later',
  },
  hand: {
    menu: 'By hand',
    act: { pause: 'Pause', resume: 'Resume', promote: 'Promote', rollBack: 'Roll back' } satisfies Record<ByHand, string>,
    title: (act: ByHand, candidate: string, target: string | null) =>
      ({
        pause: 'Pause the rollout',
        resume: 'Resume the rollout',
        promote: `Promote ${candidate}`,
        rollBack: target === null ? 'Stop the rollout' : `Roll back to ${target}`,
      })[act],
    follows: (act: ByHand, candidate: string, target: string | null): readonly string[] =>
      ({
        pause: ['The shares stay as they are.', 'No verdict in favour is taken meanwhile; evidence against it still rolls back.'],
        resume: ['The rollout goes on where it was paused.', 'The evidence that came meanwhile counts.'],
        promote: [
          `${candidate} answers every request at once.`,
          'The stages that are left are skipped, and so is the guarantee they give.',
        ],
        rollBack: [
          target === null ? `${candidate} gets no more requests.` : `${target} answers every request at once.`,
          `${candidate} stays registered and can be rolled out again.`,
          'The evidence is kept.',
        ],
      })[act],
    reason: 'Reason',
    reasonHint: 'Stands in the audit log and in the story.',
    keep: 'Leave it as it is',
  },
  verify: {
    title: 'Verdicts',
    note: 'Each with the last event that it knew',
    button: 'Verify',
    again: 'Verify again',
    same: (verdicts: string, evidence: string) =>
      `The stored evidence was replayed: ${verdicts} verdicts from ${evidence} events come out the same.`,
    differs: (seq: string) => `The replay differs from event ${seq} on.`,
    stored: 'Stored',
    replayed: 'Replayed',
    event: (seq: string) => `event ${seq}`,
    kinds,
    system: 'the system',
    none: 'No verdict yet.',
    raw: 'Evidence as JSON',
  },
  policy: {
    title: 'Policy',
    note: 'Fixed when the rollout began',
    alphaRollback: 'Rollback, error rate',
    alphaPromote: 'Promotion, error rate',
    margin: 'Margin',
    tests: 'Tests',
    test: (name: RolloutMetric['name']) => ({ wrong: 'wrong labels', errors: 'failed requests', latency: 'latency', pairs: 'pairs' })[name],
    shares: 'Shares',
    deadline: 'Deadline',
  },
  empty: {
    title: 'No rollout yet',
    body: 'A rollout takes a new version to an endpoint step by step: gates, approval, shadow, canary. It begins when a version is rolled out, by hand or after retraining.',
    next: 'Start one:',
  },
};
export type RolloutWords = typeof en;
