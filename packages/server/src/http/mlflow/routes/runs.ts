import { AppError, type LoggedDataset, type Run } from '@boucle/contract';
import type { Tracking } from '../../../tracking/index.ts';
import { integer, isRecord, list, message, optional, required, requiredList, text, textWithin } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import {
  epochMs,
  experimentId,
  isoTime,
  paramValue,
  runId,
  runInfoShape,
  runShape,
  runStatus,
  runTag,
  tagValue,
  textsOf,
} from '../shapes.ts';

const dataset = message({
  tags: list(message({ key: required(textWithin(255)), value: required(textWithin(500)) })),
  dataset: required(
    message({
      name: required(textWithin(500)),
      digest: required(textWithin(36)),
      source_type: required(text),
      source: required(textWithin(65_535)),
      schema: optional(textWithin(1_048_575)),
      profile: optional(textWithin(16_777_215)),
    }),
  ),
});
const usedModel = message({ model_id: required(text) });
const madeModel = message({ model_id: required(text), step: required(integer) });
/** Clients come back to runs that have ended. */
const amend = { amend: true };

export const runRoutes = ({ runs }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'runs/create',
    permission: 'runs:write',
    request: {
      experiment_id: required(experimentId),
      user_id: optional(text),
      run_name: optional(tagValue),
      start_time: optional(epochMs),
      tags: list(runTag),
    },
    handle: async ({ experiment_id, user_id, run_name, start_time, tags }, { actor }) => {
      const run = await runs.start(actor, {
        experimentId: experiment_id,
        ...(run_name && { name: run_name }),
        ...(user_id && { userId: user_id }),
        ...(start_time !== undefined && { startedAt: isoTime(start_time) }),
        tags: textsOf(tags),
      });
      const { outputs: _, ...shape } = runShape({ ...run, latest: [] });
      return { run: shape };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'runs/get',
    permission: 'runs:read',
    request: { run_id: runId },
    handle: async ({ run_id }, { actor }) => ({ run: runShape(await runs.record(actor.project, run_id)) }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/update',
    permission: 'runs:write',
    request: { run_id: runId, status: optional(runStatus), end_time: optional(epochMs), run_name: optional(tagValue) },
    handle: async ({ run_id, status, end_time, run_name }, { actor }) => {
      const change = {
        ...(run_name && { name: run_name }),
        ...(status && { status }),
        ...(end_time !== undefined && { endedAt: isoTime(end_time) }),
      };
      return { run_info: runInfoShape(await runs.update(actor, run_id, change, amend)) };
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/delete',
    permission: 'runs:write',
    request: { run_id: runId },
    handle: async ({ run_id }, { actor }) => void (await runs.remove(actor, run_id)),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/restore',
    permission: 'runs:write',
    request: { run_id: runId },
    handle: async ({ run_id }, { actor }) => void (await runs.restore(actor, run_id)),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/log-parameter',
    permission: 'runs:write',
    request: { run_id: runId, key: required(text), value: optional(paramValue) },
    handle: ({ run_id, key, value = '' }, { actor }) => runs.log(actor, run_id, { params: { [key]: value } }, amend).catch(sayWhichParam),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/set-tag',
    permission: 'runs:write',
    request: { run_id: runId, key: required(text), value: optional(tagValue) },
    handle: ({ run_id, key, value = '' }, { actor }) => runs.setTags(actor, run_id, { [key]: value }),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/delete-tag',
    permission: 'runs:write',
    request: { run_id: runId, key: required(text) },
    handle: ({ run_id, key }, { actor }) => runs.removeTag(actor, run_id, key),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/log-inputs',
    permission: 'runs:write',
    request: { run_id: runId, datasets: list(dataset), models: list(usedModel) },
    handle: ({ run_id, datasets, models }, { actor }) => {
      if (datasets.length > 1000) throw new MlflowError('INVALID_PARAMETER_VALUE', 'At most 1000 datasets can be logged at once');
      const inputs = {
        datasets: datasets.map(({ tags, dataset: { source_type, schema, profile, ...said } }): LoggedDataset => ({
          ...said,
          sourceType: source_type,
          ...(schema !== undefined && { schema }),
          ...(profile !== undefined && { profile }),
          tags: textsOf(tags),
        })),
        models: models.map(({ model_id }) => model_id),
      };
      return runs.logInputs(actor, run_id, inputs, amend);
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/outputs',
    permission: 'runs:write',
    request: { run_id: runId, models: requiredList(madeModel) },
    handle: ({ run_id, models }, { actor }) => {
      const outputs: Run['modelOutputs'] = models.map(({ model_id, step }) => ({ modelId: model_id, step }));
      return runs.logOutputs(actor, run_id, outputs, amend);
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'runs/log-model',
    permission: 'runs:write',
    request: { run_id: runId, model_json: required(text) },
    handle: ({ run_id, model_json }, { actor }) => runs.appendToTag(actor, run_id, 'mlflow.log-model.history', modelOf(model_json)),
  }),
];

/** One param is said in other words than several of a batch. */
const sayWhichParam = (error: unknown): never => {
  if (!(error instanceof AppError && error.reason === 'param_changed')) throw error;
  const [{ key, value, given }] = error.details['params'] as [{ key: string; value: string; given: string }];
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Changing param values is not allowed. Param with key='${key}' was already logged with value='${value}'. Attempted logging new value '${given}'.`,
  );
};

/** What clients before 3.0, and R's, say of a model that they have stored. */
const modelOf = (json: string): Record<string, unknown> => {
  let model: unknown;
  try {
    model = JSON.parse(json);
  } catch (cause) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Malformed model info: it is not JSON (${(cause as Error).message})`);
  }
  const fields = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];
  const absent = fields.filter((field) => !isRecord(model) || !Object.hasOwn(model, field));
  if (absent.length === 0) return model as Record<string, unknown>;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Model json is missing mandatory fields: ${absent.join(', ')}`);
};
