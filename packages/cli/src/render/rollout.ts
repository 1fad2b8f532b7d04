import type { Rollout, RolloutReport, RolloutVersion } from '@boucle/contract';
import { measure, plural, time } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { facts, table } from '../terminal/table.ts';

export const versionText = ({ model, version }: RolloutVersion): string => `${model}/${version}`;
export const stageText = ({ status, stage, share }: Rollout): string =>
  status === 'running' || status === 'paused' ? `${status}, ${stage}${share > 0 && share < 1 ? ` at ${percent(share)}` : ''}` : status;
const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const range = (low: number | null, high: number | null): string =>
  `${low === null ? '0' : measure(low)} to ${high === null ? '∞' : measure(high)}`;

/** How it stands, by which evidence, and what would decide. */
export const rolloutText = (
  { rollout, arms, risk, latency, sampleRatio, shadow, verdicts, standing, awaits }: RolloutReport,
  paint: Paint,
): string =>
  [
    paint('bold', `${rollout.endpoint} ${rollout.number}  ${versionText(rollout.candidate)}  ${stageText(rollout)}`),
    standing,
    ...(rollout.endedAt === null ? [paint('dim', awaits)] : []),
    '',
    facts(
      {
        kind: rollout.kind,
        baseline: rollout.baseline && versionText(rollout.baseline),
        alias: rollout.alias,
        started: `${time(rollout.startedAt)} by ${rollout.startedBy}`,
        ended: time(rollout.endedAt),
        evidence: plural(rollout.evidence, 'piece'),
        risk: risk && `${measure(risk.estimate)} times the baseline's (${range(risk.interval.low, risk.interval.high)})`,
        latency: latency.map(({ p, verdict }) => `p${Math.round(p * 100)} ${verdict}`).join(', '),
        'sample ratio': sampleRatio && `${sampleRatio.biased ? 'INVALID' : 'as planned'}, p ${measure(sampleRatio.pValue)}`,
        shadow:
          shadow &&
          `${shadow.pairs} of ${plural(shadow.wanted, 'pair')}, ${shadow.agreed} agreed; ${shadow.labelled} labelled, ${shadow.candidateOnlyWrong} wrong by the candidate alone, ${shadow.baselineOnlyWrong} by the baseline alone`,
        story: rollout.correlationId,
      },
      paint,
    ),
    ...(arms.length === 0
      ? []
      : [
          '',
          table(
            arms,
            {
              arm: ({ arm }) => arm,
              version: ({ version }) => versionText(version),
              share: ({ shareRequested }) => percent(shareRequested),
              observed: ({ shareObserved }) => (shareObserved !== null && shareObserved !== undefined ? percent(shareObserved) : ''),
              units: ({ units }) => units,
              errors: ({ errors }) => errors,
              labelled: ({ labelled }) => labelled,
              wrong: ({ wrong }) => wrong,
              'p95 ms': ({ latencyMs }) => {
                const p95 = latencyMs.find(({ p }) => p === 0.95);
                return p95 ? measure(p95.estimate) : '';
              },
            },
            paint,
          ),
        ]),
    ...(verdicts.length === 0
      ? []
      : [
          '',
          table(
            verdicts,
            {
              at: ({ at }) => time(at),
              evidence: ({ seq }) => seq,
              verdict: ({ kind }) => kind,
              by: ({ by }) => by,
              why: ({ message }) => message,
            },
            paint,
          ),
        ]),
  ].join('\n');
