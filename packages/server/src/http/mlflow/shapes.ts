import type { Experiment, LoggedDataset, Run } from '@boucle/contract';
import { type RunRecord, withReservedTags } from '../../tracking/index.ts';
import { integerIn, message, oneOf, optional, type Reader, required, text, textCutAt, wrong } from './fields.ts';

/** Shapes that several routes share: what is read, and how ours are shown. */
export const keyValue = message({ key: required(text), value: optional(text) });
export const paramValue = textCutAt(6000);
export const tagValue = textCutAt(8000);
export const param = message({ key: required(text), value: optional(paramValue) });
export const runTag = message({ key: required(text), value: optional(tagValue) });
export const runId = required(text, { also: ['run_uuid'] });
export const experimentId: Reader<string> = (given, at) => {
  const id = text(given, at);
  if (!/^\d{1,18}$/.test(id)) throw wrong(at, given, 'it must be a decimal number');
  return id;
};
const statuses = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 };
export const runStatus: Reader<Run['status']> = (given, at) => oneOf(statuses)(given, at).toLowerCase() as Run['status'];
/** Of our calendar, whose years have four digits. */
export const epochMs = integerIn(0, Date.parse('9999-12-31T23:59:59.999Z'));
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const pairsOf = (texts: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(texts).map(([key, value]) => ({ key, value }));
export const textsOf = (pairs: readonly { readonly key: string; readonly value: string | undefined }[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value = '' }) => [key, value]));

const stageOf = ({ deletedAt }: { deletedAt: string | null }) => (deletedAt === null ? 'active' : 'deleted');

/** A project is what MLflow calls a workspace. */
export const experimentShape = (experiment: Experiment, { name: workspace }: { readonly name: string }) => ({
  experiment_id: experiment.id,
  name: experiment.name,
  artifact_location: experiment.artifactLocation ?? `mlflow-artifacts:/${experiment.id}`,
  lifecycle_stage: stageOf(experiment),
  last_update_time: Date.parse(experiment.updatedAt),
  creation_time: Date.parse(experiment.createdAt),
  tags: pairsOf(experiment.tags),
  workspace,
});

/** Where clients find a run's files: with us, unless its experiment says another place. */
export const artifactUriOf = ({ id, experimentId, artifactUri }: Run): string =>
  artifactUri ?? `mlflow-artifacts:/${experimentId}/${id}/artifacts`;

export const runInfoShape = (run: Run) => ({
  run_uuid: run.id,
  run_id: run.id,
  run_name: run.name,
  experiment_id: run.experimentId,
  user_id: run.userId ?? '',
  status: run.status.toUpperCase(),
  start_time: Date.parse(run.startedAt),
  end_time: run.endedAt === null ? undefined : Date.parse(run.endedAt),
  artifact_uri: artifactUriOf(run),
  lifecycle_stage: stageOf(run),
});

/** NaN is a text, and the largest finite number stands for what is beyond. */
export const wireReal = (value: number): number | string =>
  Number.isNaN(value) ? 'NaN' : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
export const metricShape = ({ key, value, time, step }: RunRecord['latest'][number]) => ({
  key,
  value: wireReal(value),
  timestamp: time,
  step,
});

const datasetShape = ({ tags, name, digest, sourceType, source, schema, profile }: LoggedDataset) => ({
  tags: pairsOf(tags),
  dataset: { name, digest, source_type: sourceType, source, schema, profile },
});

export const runShape = (run: RunRecord) => ({
  info: runInfoShape(run),
  data: {
    metrics: run.latest.map(metricShape),
    params: pairsOf(run.params),
    tags: pairsOf(withReservedTags(run)),
  },
  inputs: {
    dataset_inputs: run.datasets.map(datasetShape),
    model_inputs: run.modelInputs.map((modelId) => ({ model_id: modelId })),
  },
  outputs: { model_outputs: run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step })) },
});
