import { availableParallelism } from 'node:os';
import { isLogKey, type RunEnvironment } from '@boucle/contract';
import { seedOf } from '@boucle/project/runner';
import type { NewRun } from '../tracking/index.ts';
import { version } from '../version.ts';
import type { PipelineRunRow } from './pipeline-run-store.ts';
import type { Sources, Turn } from './turn.ts';

const environment: RunEnvironment = {
  node: process.versions.node,
  platform: process.platform,
  architecture: process.arch,
  cpus: availableParallelism(),
  boucle: version,
};

/**
 * A parameter with fields of its own, as a trial's settings are, is logged field by field: that is how Runs are compared.
 * One whose fields have names that no Run takes is logged whole.
 */
const asText = (params: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params)
      .flatMap(([name, value]): (readonly [string, unknown])[] => {
        const fields = isRecord(value) ? Object.entries(value).map(([field, one]) => [`${name}.${field}`, one] as const) : [];
        return fields.length > 0 && fields.every(([key]) => isLogKey(key)) ? fields : [[name, value]];
      })
      // Postgres has no NUL in texts, and JSON writes it in other signs.
      .map(([name, value]) => [name, typeof value === 'string' && !value.includes('\0') ? value : JSON.stringify(value)]),
  );
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const datasetInputs = ({ inputs }: Pick<PipelineRunRow, 'inputs'>) =>
  Object.values(inputs).map(({ dataset, number, digest }) => ({ dataset, number, digest }));

/**
 * A step that makes a model, that names an experiment, or whose program is anybody's and may log by itself has a Run from its start;
 * others get one with their first metric.
 */
export const logsFromTheStart = ({ planned }: Pick<Turn, 'planned'>): boolean =>
  planned.options.experiment !== undefined ||
  'command' in planned.code ||
  Object.values(planned.ports.outputs).some(({ kind }) => kind === 'model');

/** The Run of one attempt, under the Run of its pipeline run, in the experiment that the step names. */
export const attemptRunOf = ({ run, planned, row, resolved }: Turn, number: number, { commit, changes }: Sources): NewRun => ({
  experiment: planned.options.experiment ?? run.pipeline,
  name: `${planned.id} #${run.number}${number > 1 ? `.${number}` : ''}`,
  ...(run.run_id !== null && { parentRunId: run.run_id }),
  params: asText(resolved.params),
  tags: { 'boucle.pipeline': run.pipeline, 'boucle.step': planned.id },
  inputs: datasetInputs(run),
  correlationId: run.correlation_id,
  ofPipeline: true,
  origin: { stepRunId: row.id, commit, changes, codeDigest: planned.codeDigest, seed: seedOf(row.cache_key!), environment },
});

/** The Run that stands for a whole pipeline run. */
export const pipelineRunRunOf = (run: Pick<PipelineRunRow, 'pipeline' | 'number' | 'params' | 'inputs' | 'correlation_id'>): NewRun => ({
  experiment: run.pipeline,
  name: `${run.pipeline} #${run.number}`,
  params: asText(run.params),
  tags: { 'boucle.pipeline': run.pipeline },
  inputs: datasetInputs(run),
  correlationId: run.correlation_id,
  ofPipeline: true,
});
