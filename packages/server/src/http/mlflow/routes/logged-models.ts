import type { LoggedModel, Tracking } from '../../../tracking/index.ts';
import { versionsIn } from '../../../tracking/index.ts';
import { bool, integerIn, list, message, oneOf, optional, type Reader, required, requiredList, text } from '../fields.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { wirePath } from '../wire-path.ts';
import { experimentId, pairsOf, param, runTag, textsOf, wireReal } from '../shapes.ts';

const statuses = { LOGGED_MODEL_PENDING: 1, LOGGED_MODEL_READY: 2, LOGGED_MODEL_UPLOAD_FAILED: 3 } as const;
type WireStatus = keyof typeof statuses;
const ours: Readonly<Record<WireStatus, LoggedModel['status']>> = {
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
};
const theirs = Object.fromEntries(Object.entries(ours).map(([wire, status]) => [status, wire])) as Record<
  LoggedModel['status'],
  WireStatus
>;
const status: Reader<LoggedModel['status']> = (given, at) => ours[oneOf(statuses)(given, at)];
const id = { model_id: required(text) };

/** A folder of the UI's; what is more comes with the token. */
const entriesAtOnce = 1000;

export const loggedModelRoutes = ({ loggedModels, artifacts }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'logged-models',
    permission: 'runs:write',
    request: {
      experiment_id: required(experimentId),
      name: optional(text),
      model_type: optional(text),
      source_run_id: optional(text),
      params: list(param),
      tags: list(runTag),
    },
    handle: async ({ experiment_id, name, model_type, source_run_id, params, tags }, { actor }) => ({
      model: loggedModelShape(
        await loggedModels.create(actor, {
          experimentId: experiment_id,
          name,
          modelType: model_type,
          sourceRunId: source_run_id,
          params: textsOf(params),
          tags: textsOf(tags),
        }),
      ),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'logged-models/:model_id',
    permission: 'runs:read',
    request: id,
    handle: async ({ model_id }, { actor }) => ({ model: loggedModelShape(await loggedModels.get(actor.project, model_id)) }),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'logged-models/:model_id',
    permission: 'runs:write',
    request: { ...id, status: required(status) },
    handle: async ({ model_id, status: to }, { actor }) => ({ model: loggedModelShape(await loggedModels.finish(actor, model_id, to)) }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'logged-models/:model_id',
    permission: 'runs:write',
    request: id,
    handle: ({ model_id }, { actor }) => loggedModels.remove(actor, model_id),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'logged-models/search',
    permission: 'runs:read',
    request: {
      experiment_ids: requiredList(text),
      filter: optional(text),
      datasets: list(message({ dataset_name: required(text), dataset_digest: optional(text) })),
      max_results: optional(integerIn(1, 50_000)),
      order_by: list(
        message({
          field_name: required(text),
          ascending: optional(bool),
          dataset_name: optional(text),
          dataset_digest: optional(text),
        }),
      ),
      page_token: optional(text),
    },
    handle: async ({ experiment_ids, filter, datasets, max_results: limit = 50, order_by, page_token }, { actor }) => {
      const { items, nextCursor } = await loggedModels.search(actor.project, {
        experimentIds: experiment_ids,
        filter,
        datasets: datasets.map(({ dataset_name: name, dataset_digest: digest }) => ({ name, digest: digest || undefined })),
        order: order_by.map(({ field_name, ascending = true, dataset_name: name, dataset_digest: digest }) => ({
          by: field_name,
          direction: ascending ? 'asc' : 'desc',
          on: name ? { name, digest: digest || undefined } : undefined,
        })),
        limit,
        cursor: page_token || undefined,
      });
      return { models: items.map(loggedModelShape), next_page_token: nextCursor };
    },
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'logged-models/:model_id/tags',
    permission: 'runs:write',
    request: { ...id, tags: list(runTag) },
    handle: ({ model_id, tags }, { actor }) => loggedModels.setTags(actor, model_id, textsOf(tags)),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'logged-models/:model_id/tags/:tag_key',
    permission: 'runs:write',
    request: { ...id, tag_key: required(text) },
    handle: ({ model_id, tag_key }, { actor }) => loggedModels.removeTag(actor, model_id, tag_key),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'logged-models/:model_id/params',
    permission: 'runs:write',
    request: { ...id, params: list(param) },
    handle: ({ model_id, params }, { actor }) => loggedModels.addParams(actor, model_id, textsOf(params)),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'logged-models/:model_id/artifacts/directories',
    permission: 'runs:read',
    request: { ...id, artifact_directory_path: optional(text), page_token: optional(text) },
    handle: async ({ model_id, artifact_directory_path = '', page_token }, { actor: { project } }) => {
      const { artifactUri } = await loggedModels.get(project, model_id);
      const query = { folder: wirePath(artifact_directory_path), limit: entriesAtOnce, cursor: page_token || undefined };
      const { items, nextCursor } = await artifacts.list(project, `model:${model_id}`, query);
      const files = items.map(({ path, kind, size }) => ({ path, is_dir: kind === 'folder', file_size: size ?? undefined }));
      return { root_uri: artifactUri, files, next_page_token: nextCursor };
    },
  }),
];

const loggedModelShape = (model: LoggedModel) => ({
  info: {
    model_id: model.id,
    experiment_id: model.experimentId,
    name: model.name,
    creation_timestamp_ms: Date.parse(model.createdAt),
    last_updated_timestamp_ms: Date.parse(model.updatedAt),
    artifact_uri: model.artifactUri,
    status: theirs[model.status],
    model_type: model.modelType ?? '',
    source_run_id: model.sourceRunId ?? '',
    tags: pairsOf(model.tags),
    registrations: versionsIn(model.tags['mlflow.modelVersions']),
  },
  data: {
    params: pairsOf(model.params),
    metrics: model.metrics.map(({ key, value, time, step, runId, dataset }) => ({
      key,
      value: wireReal(value),
      timestamp: time,
      step,
      dataset_name: dataset?.name,
      dataset_digest: dataset?.digest,
      model_id: model.id,
      run_id: runId,
    })),
  },
});
