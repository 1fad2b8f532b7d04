import type { DatasetVersion, ModelVersion, PipelineRun, RolloutVerification } from '@boucle/contract';
import { between, count, plural, seconds, short } from '../../packages/cli/src/terminal/format.ts';
import type { Told } from './desk.ts';
import type { Watched } from './strike.ts';
import type { Sent } from './traffic.ts';

export interface Story {
  readonly project: string;
  readonly address: string;
  readonly data: string;
  readonly dataset: DatasetVersion;
  readonly run: PipelineRun;
  readonly model: ModelVersion;
  readonly endpoint: string;
  readonly sent: readonly Sent[];
  readonly feedback: number;
  readonly traceMs: number;
  readonly secondsInAll: number;
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** What happened, in a few lines with the figures. */
export const accountOf = ({ dataset, run, model, endpoint, sent, feedback, traceMs, secondsInAll }: Story): string => {
  const shown = model.evidence.filter(({ metric, interval }) => interval !== null || metric === 'f1_macro').slice(0, 5);
  const metrics = shown.map(
    ({ metric, value, interval }) =>
      `${metric} ${share(Number(value))}${interval ? ` (95 %: ${share(interval[0])} to ${share(interval[1])})` : ''}`,
  );
  const right = sent.filter(({ label, predicted }) => label === predicted).length;
  return [
    '',
    `  ${count(dataset.rows)} rows, ${plural(dataset.repeatedKeys, 'repeated key')}, ${short(dataset.digest)}`,
    `  ${plural(run.steps.length, 'step')} in ${seconds(between(run.startedAt, run.endedAt) ?? 0)}; model ${model.model}/${model.number}, ${short(model.digest ?? '')}`,
    `  on test rows: ${metrics.join(', ')}`,
    `  ${plural(sent.length, 'prediction')} at ${endpoint}, half of them within ${quantile(
      sent.map((s) => s.milliseconds),
      0.5,
    ).toFixed(1)} ms, 99 % within ${quantile(
      sent.map((s) => s.milliseconds),
      0.99,
    ).toFixed(1)} ms; ${right} of them right`,
    `  ${plural(feedback, 'piece')} of feedback; from a prediction back to its rows in ${seconds(traceMs / 1000)}`,
    `  ${seconds(secondsInAll)} in all`,
    '',
  ].join('\n');
};

/** The same for programs. */
export const reportOf = ({ project, data, address, dataset, run, model, endpoint, sent, feedback, secondsInAll }: Story): object => ({
  project,
  data,
  address,
  dataset: {
    name: dataset.dataset,
    version: dataset.number,
    digest: dataset.digest,
    rowsIn: dataset.rows,
    rowsRefused: 0,
    repeatedKeys: dataset.repeatedKeys,
  },
  pipelineRun: {
    id: run.id,
    status: run.status,
    steps: run.steps.map(({ step, status, startedAt, endedAt }) => ({ step, state: status, seconds: between(startedAt, endedAt) })),
  },
  runId: model.runId,
  metrics: Object.fromEntries(model.evidence.map(({ metric, value, interval }) => [metric, { value, interval }])),
  modelVersion: { model: model.model, number: model.number, digest: model.digest },
  endpoint,
  predictions: sent.length,
  predictionId: sent[0]?.predictionId,
  feedback,
  seconds: secondsInAll,
});

interface Strike {
  readonly watched: Watched;
  readonly verified: readonly RolloutVerification[];
  readonly told: readonly Told[];
  readonly secondsInAll: number;
}
/** What became of the strike, with the figures. */
export const strikeAccountOf = ({ watched, verified, told, secondsInAll }: Strike): string => {
  const { promoted, rolledBack, hours, right } = watched;
  const same = verified.filter((one) => one.same).length;
  return [
    '',
    `  ${plural(hours, 'simulated hour')}; right answers ${share(right.calm)} before, ${share(right.struck)} when the strike began, ${share(right.after)} with the new version`,
    `  version ${promoted.candidate.version} is the champion: ${promoted.message}`,
    `  version ${rolledBack.candidate.version} was not let in: ${rolledBack.message}`,
    `  ${same} of ${verified.length} rollouts replayed from their evidence to the same verdicts; the desk was told of ${plural(told.length, 'alert change')}`,
    `  ${seconds(secondsInAll)} in all`,
    '',
  ].join('\n');
};

export const strikeReportOf = ({ promoted, rolledBack, hours, right }: Watched): object => ({
  strike: {
    hours,
    right,
    promoted: {
      rolloutId: promoted.id,
      version: promoted.candidate.version,
      evidence: promoted.evidence,
      correlationId: promoted.correlationId,
    },
    rolledBack: {
      rolloutId: rolledBack.id,
      version: rolledBack.candidate.version,
      status: rolledBack.status,
      evidence: rolledBack.evidence,
    },
  },
});
