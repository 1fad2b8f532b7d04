import {
  exactJson,
  type EvaluationDataset,
  type EvaluationRecord,
  type GivenRecord,
  type JsonObject,
  type RecordSource,
  type Tracking,
  userTag,
} from '../../../tracking/index.ts';
import { integerIn, isRecord, list, optional, type Reader, required, text, textWithin, wrong } from '../fields.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { experimentId } from '../shapes.ts';

/** JSON within a text, as this family's clients send what has no fields of its own. */
const json: Reader<unknown> = (given, at) => {
  const said = text(given, at);
  try {
    return exactJson(said);
  } catch {
    throw wrong(at, said, 'it must be JSON, nested no more than 100 levels deep');
  }
};
const object: Reader<JsonObject> = (given, at) => {
  if (!isRecord(given) || JSON.isRawJSON(given)) throw wrong(at, given, 'it must be an object');
  return given;
};
const objectOrNull: Reader<JsonObject | null> = (given, at) => (given === undefined || given === null ? null : object(given, at));

const tagKey = textWithin(255);
const tagValue = textWithin(5000);
const tagText = (value: unknown, at: string): string => tagValue(typeof value === 'string' ? value : JSON.stringify(value), at);
/** Null takes a tag away. */
const tags: Reader<Readonly<Record<string, string | null>>> = (given, at) =>
  Object.fromEntries(
    Object.entries(object(json(given, at), at)).map(([key, value]) => [
      tagKey(key, at),
      value === null ? null : tagText(value, `${at}.${key}`),
    ]),
  );

const sourceTypes = ['UNSPECIFIED', 'TRACE', 'HUMAN', 'DOCUMENT', 'CODE'];
const source: Reader<RecordSource | null> = (given, at) => {
  const said = objectOrNull(given, at);
  if (said === null || Object.keys(said).length === 0) return null;
  const type = text(said['source_type'], `${at}.source_type`).toUpperCase();
  if (!sourceTypes.includes(type)) throw wrong(`${at}.source_type`, type, `it must be one of ${sourceTypes.join(', ')}`);
  return { type, data: objectOrNull(said['source_data'], `${at}.source_data`) ?? {} };
};
const userIn = (said: Readonly<Record<string, unknown>> | null): string | null => {
  const user = said?.[userTag];
  return typeof user === 'string' && user !== '' ? tagKey(user, userTag) : null;
};
const records: Reader<GivenRecord[]> = (given, at) => {
  const all = json(given, at);
  if (!Array.isArray(all)) throw wrong(at, given, 'it must be a list of records');
  return all.map((one: unknown, i): GivenRecord => {
    const place = `${at}[${i}]`;
    const { inputs = {}, outputs, ...said } = object(one, place);
    const recordTags = objectOrNull(said['tags'], `${place}.tags`);
    return {
      inputs: object(inputs, `${place}.inputs`),
      outputs,
      expectations: objectOrNull(said['expectations'], `${place}.expectations`),
      tags: recordTags,
      source: source(said['source'], `${place}.source`),
      by: userIn(recordTags),
    };
  });
};

/** 0 is as much as is usual. */
const limit = optional(integerIn(0, 50_000));
const usual = 1000;
const experiments = list(experimentId);
const id = { dataset_id: required(text) };
const one = 'datasets/:dataset_id';

export const evaluationDatasetRoutes = ({ evaluationDatasets: datasets }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'datasets/create',
    version: '3.0',
    permission: 'runs:write',
    request: { name: required(textWithin(255)), experiment_ids: experiments, tags: optional(tags) },
    handle: async ({ name, experiment_ids: experimentIds, tags: given = {} }, { actor }) => {
      const kept = Object.fromEntries(Object.entries(given).filter((tag): tag is [string, string] => tag[1] !== null));
      const made = await datasets.create(actor, { name, experimentIds: [...new Set(experimentIds)], tags: kept, by: userIn(kept) });
      return { dataset: datasetShape(made) };
    },
  }),
  ...(['POST', 'GET'] as const).map((method) =>
    mlflowRoute({
      method,
      path: 'datasets/search',
      version: '3.0',
      permission: 'runs:read',
      request: {
        experiment_ids: experiments,
        filter_string: optional(text),
        max_results: limit,
        order_by: list(text),
        page_token: optional(text),
      },
      handle: async ({ experiment_ids: experimentIds, filter_string: filter, max_results, order_by: orderBy, page_token }, { actor }) => {
        const asked = { experimentIds, filter, orderBy, limit: max_results || usual, cursor: page_token || undefined };
        const { items, nextCursor } = await datasets.search(actor.project, asked);
        return { datasets: items.map(datasetShape), next_page_token: nextCursor };
      },
    }),
  ),
  mlflowRoute({
    method: 'GET',
    path: one,
    version: '3.0',
    permission: 'runs:read',
    request: id,
    handle: async ({ dataset_id }, { actor }) => ({ dataset: datasetShape(await datasets.get(actor.project, dataset_id)) }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: one,
    version: '3.0',
    permission: 'runs:write',
    request: id,
    handle: ({ dataset_id }, { actor }) => datasets.remove(actor, dataset_id),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: `${one}/tags`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, tags: required(tags) },
    handle: ({ dataset_id, tags: given }, { actor }) => datasets.setTags(actor, dataset_id, given),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: `${one}/tags/:key`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, key: required(tagKey) },
    handle: ({ dataset_id, key }, { actor }) => datasets.setTags(actor, dataset_id, { [key]: null }),
  }),
  mlflowRoute({
    method: 'POST',
    path: `${one}/records`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, records: required(records) },
    handle: async ({ dataset_id, records: given }, { actor }) => {
      const { inserted, updated } = await datasets.merge(actor, dataset_id, given);
      return { inserted_count: inserted, updated_count: updated };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: `${one}/records`,
    version: '3.0',
    permission: 'runs:read',
    request: { ...id, max_results: limit, page_token: optional(text) },
    handle: async ({ dataset_id, max_results, page_token }, { actor }) => {
      const paging = { limit: max_results || usual, ...(page_token && { cursor: page_token }) };
      const { items, nextCursor } = await datasets.records(actor.project, dataset_id, paging);
      return { records: `[${items.map(recordText).join()}]`, next_page_token: nextCursor };
    },
  }),
  mlflowRoute({
    method: 'DELETE',
    path: `${one}/records`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, dataset_record_ids: list(text) },
    handle: async ({ dataset_id, dataset_record_ids }, { actor }) => ({
      deleted_count: await datasets.removeRecords(actor, dataset_id, dataset_record_ids),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: `${one}/experiment-ids`,
    version: '3.0',
    permission: 'runs:read',
    request: id,
    handle: async ({ dataset_id }, { actor }) => ({ experiment_ids: (await datasets.get(actor.project, dataset_id)).experimentIds }),
  }),
  mlflowRoute({
    method: 'POST',
    path: `${one}/add-experiments`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, experiment_ids: experiments },
    handle: async ({ dataset_id, experiment_ids }, { actor }) => ({
      dataset: datasetShape(await datasets.addTo(actor, dataset_id, [...new Set(experiment_ids)])),
    }),
  }),
  mlflowRoute({
    method: 'POST',
    path: `${one}/remove-experiments`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, experiment_ids: experiments },
    handle: async ({ dataset_id, experiment_ids }, { actor }) => ({
      dataset: datasetShape(await datasets.removeFrom(actor, dataset_id, experiment_ids)),
    }),
  }),
];

const datasetShape = (dataset: EvaluationDataset) => ({
  dataset_id: dataset.id,
  name: dataset.name,
  tags: JSON.stringify(dataset.tags),
  schema: dataset.fields && JSON.stringify({ ...dataset.fields, version: '1.0' }),
  profile: dataset.records > 0 ? JSON.stringify({ num_records: dataset.records }) : undefined,
  digest: dataset.digest,
  created_time: dataset.createdAt,
  last_update_time: dataset.updatedAt,
  created_by: dataset.createdBy,
  last_updated_by: dataset.updatedBy,
  experiment_ids: dataset.experimentIds,
});

/** Its own values are put in as they are kept. */
const recordText = (record: EvaluationRecord): string => {
  const { type, data } = record.source ?? {};
  const sourceId = data?.[type === 'TRACE' ? 'trace_id' : 'source_id'];
  const own = JSON.stringify({
    dataset_record_id: record.id,
    dataset_id: record.datasetId,
    created_time: record.createdAt,
    last_update_time: record.updatedAt,
    ...(record.source && { source: { source_type: type, source_data: data }, source_type: type }),
    ...(typeof sourceId === 'string' && { source_id: sourceId }),
    ...(record.createdBy !== null && { created_by: record.createdBy }),
    ...(record.updatedBy !== null && { last_updated_by: record.updatedBy }),
  });
  const values = Object.entries({ inputs: record.inputs, outputs: record.outputs, expectations: record.expectations, tags: record.tags });
  const kept = values.filter(([, value]) => value !== null).map(([name, value]) => `,"${name}":${value}`);
  return `${own.slice(0, -1)}${kept.join('')}}`;
};
