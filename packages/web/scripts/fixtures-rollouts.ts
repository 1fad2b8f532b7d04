/** Rollouts in four states of their lives, for the pictures and the journeys. Never part of the page. */
import type { Approval, Rollout, RolloutReport, RolloutVerdict } from '@boucle/contract';
import { aReport, aRollout, aVerdict } from '../src/testing/a-rollout.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();
const id = (n: number): string => n.toString(16).padStart(32, 'f0');

const gates: Rollout['gates'] = [
  {
    gate: 'f1 macro ≥ 0.8',
    verdict: 'passed',
    value: 0.871,
    interval: [0.858, 0.884],
    message: 'f1 macro is 0.871 (0.858 to 0.884), at least 0.8',
  },
  {
    gate: 'accuracy no worse than champion',
    verdict: 'passed',
    value: 0.006,
    interval: [-0.002, 0.014],
    message: 'accuracy differs by 0.006 (-0.002 to 0.014), no worse by 0.01',
  },
];
/** One side of the evidence grows, with setbacks. */
const seriesTo = (count: number, promote: number, rollback: number): RolloutReport['series'] =>
  Array.from({ length: count }, (_, i) => {
    const share = i < count * 0.3 ? 0.05 : i < count * 0.65 ? 0.25 : 0.5;
    const wave = Math.sin(i * 1.7) * 0.35 + Math.sin(i * 0.31) * 0.3;
    const way = (i + 1) / count;
    return {
      seq: (i + 1) * 14,
      at: at(i * 9),
      share,
      rollback: rollback * way - wave * (1 - way),
      promote: promote * way + wave * (1 - way),
    };
  });
const arms = ({ candidate, baseline }: Rollout, share: number): RolloutReport['arms'] => [
  {
    arm: 'baseline',
    version: baseline!,
    shareRequested: 1 - share,
    shareObserved: 1 - share + 0.004,
    units: 9412,
    errors: 11,
    labelled: 812,
    wrong: 71,
    latencyMs: latency(1),
  },
  {
    arm: 'candidate',
    version: candidate,
    shareRequested: share,
    shareObserved: share - 0.004,
    units: 2804,
    errors: 3,
    labelled: 251,
    wrong: 17,
    latencyMs: latency(1.06),
  },
];
const latency = (times: number): RolloutReport['arms'][number]['latencyMs'] => [
  { p: 0.5, estimate: 3.1 * times, low: 2.9 * times, high: 3.3 * times },
  { p: 0.95, estimate: 9.4 * times, low: 8.6 * times, high: 10.4 * times },
  { p: 0.99, estimate: 17.2 * times, low: 14.4 * times, high: null },
];
const compared: Pick<RolloutReport, 'latency' | 'sampleRatio' | 'shadow'> = {
  latency: [
    { p: 0.5, verdict: 'not worse', ratio: { low: 0.97, high: 1.12, confidence: 0.95 } },
    { p: 0.95, verdict: 'undecided', ratio: { low: 0.9, high: 1.31, confidence: 0.95 } },
  ],
  sampleRatio: { pValue: 0.62, biased: false },
  shadow: {
    pairs: 200,
    wanted: 200,
    agreed: 181,
    candidateFailed: 0,
    baselineFailed: 1,
    labelled: 96,
    candidateOnlyWrong: 5,
    baselineOnlyWrong: 9,
    pValue: 0.42,
    difference: -0.042,
    interval: { low: -0.118, high: 0.031, confidence: 0.95 },
  },
};
const began: RolloutVerdict[] = [
  aVerdict({ number: 1, kind: 'gates', at: at(0), message: '2 gates passed' }),
  aVerdict({ number: 2, kind: 'approval', at: at(20), by: 'alice', message: 'alice agreed' }),
  aVerdict({ number: 3, kind: 'load', at: at(21), message: 'Loaded: the shadow begins' }),
  aVerdict({
    number: 4,
    kind: 'shadow',
    seq: 200,
    at: at(90),
    message: '200 inputs were answered by both; nothing speaks against the candidate',
  }),
];

const weighing = (project: string): RolloutReport => {
  const rollout = aRollout({ id: id(1), project, number: 9, gates, evidence: 560, share: 0.5, step: 2, startedAt: at(0) });
  return aReport({
    rollout,
    verdicts: [
      ...began,
      aVerdict({
        number: 5,
        kind: 'step',
        seq: 400,
        at: at(200),
        message: '500 requests at 5 % brought nothing against the candidate: 25 % go to it now',
      }),
    ],
    arms: arms(rollout, 0.5),
    series: seriesTo(40, 2.1, -1.4),
    risk: { estimate: 0.81, interval: { low: 0.48, high: 1.42, confidence: 0.95 } },
    ...compared,
    standing: '88 bad events so far speak for neither side; 50 % go to the candidate',
    awaits: 'More bad events of either version decide.',
  });
};

const promoted = (project: string): RolloutReport => {
  const rollout = aRollout({
    id: id(2),
    project,
    number: 8,
    candidate: { modelVersionId: id(12), model: 'sentiment', version: 3 },
    baseline: { modelVersionId: id(11), model: 'sentiment', version: 2 },
    gates,
    stage: 'ended',
    status: 'promoted',
    share: 1,
    evidence: 1212,
    message: 'promoted',
    startedAt: at(-4000),
    endedAt: at(-3000),
  });
  const message = "The candidate's risk is below 1.5 times the baseline's: event 1204 brought the evidence to 1/0.05";
  return aReport({
    rollout,
    verdicts: [
      ...began,
      aVerdict({ number: 5, kind: 'promote', seq: 1204, at: at(700), facts: { promote: Math.log(23.4), rollback: -1.9 }, message }),
    ],
    arms: arms(rollout, 1),
    series: seriesTo(86, Math.log(23.4), -2.2),
    risk: { estimate: 0.7, interval: { low: 0.41, high: 1.19, confidence: 0.95 } },
    ...compared,
  });
};

const rolledBack = (project: string): RolloutReport => {
  const rollout = aRollout({
    id: id(3),
    project,
    number: 7,
    gates,
    stage: 'ended',
    status: 'rolled_back',
    share: 0,
    evidence: 322,
    startedAt: at(-9000),
    endedAt: at(-8000),
  });
  const message = 'The candidate has wrong labels more often than the baseline: event 320 brought the evidence to 1/0.025';
  return aReport({
    rollout,
    verdicts: [
      ...began,
      aVerdict({ number: 5, kind: 'roll_back', seq: 322, at: at(300), facts: { rollback: Math.log(46), promote: -4 }, message }),
    ],
    arms: arms(rollout, 0),
    series: seriesTo(23, -4.1, Math.log(46)),
    risk: { estimate: 3.4, interval: { low: 1.7, high: null, confidence: 0.95 } },
    ...compared,
    latency: [{ p: 0.5, verdict: 'worse', ratio: { low: 1.22, high: 1.4, confidence: 0.95 } }],
    sampleRatio: { pValue: 0.0002, biased: true },
  });
};

export const approvalId = id(40);
const waiting = (project: string): RolloutReport =>
  aReport({
    rollout: aRollout({
      id: id(4),
      project,
      number: 10,
      gates,
      stage: 'approval',
      share: 0,
      step: 0,
      approvalId,
      startedAt: at(0),
      message: 'Waits for 1 to agree',
    }),
    verdicts: began.slice(0, 1),
    standing: 'Waits for 1 to agree',
    awaits: 'One more has to agree.',
  });
export const anApproval = (project: string): Approval => ({
  id: approvalId,
  project,
  subject: { project, type: 'rollout', id: id(4) },
  message: 'Roll out sentiment/4 to sentiment (rollout 10)',
  status: 'open',
  needed: 1,
  given: 0,
  fourEyes: true,
  authors: ['owner'],
  votes: [],
  askedBy: 'system',
  askedAt: at(0),
  endedAt: null,
  correlationId: null,
});

export const rolloutIds = { weighing: id(1), promoted: id(2), rolledBack: id(3), waiting: id(4) };
export const rolloutReports = (project: string): RolloutReport[] => [
  waiting(project),
  weighing(project),
  promoted(project),
  rolledBack(project),
];
