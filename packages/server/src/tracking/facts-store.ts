import type { DatasetInput, LoggedDataset, Run } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import { among, gathered, newId, type Tx } from '../platform/index.ts';
import { latestPoint, type LatestRow } from './metrics/latest-metric.ts';
import { type MetricPoint, realOf, stepOf } from './metrics/metric-point.ts';
import { together } from './together.ts';

interface KeyValueRow {
  run_id: string;
  /** A search goes by an experiment and a value. */
  experiment_id: string;
  key: string;
  value: string;
}
interface InputRow {
  run_id: string;
  dataset: string;
  number: number;
  digest: string;
  context: string;
}
interface DatasetRow {
  id: string;
  experiment_id: string;
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema: string | null;
  profile: string | null;
}
interface ModelRow {
  run_id: string;
  model_id: string;
  direction: 'input' | 'output';
  step: number;
}
type Tables = {
  logged_dataset: DatasetRow;
  run_dataset: { run_id: string; dataset_id: string; tags: string };
  run_model: ModelRow;
  run_param: KeyValueRow;
  run_tag: KeyValueRow;
  run_input: InputRow;
  run_latest_metric: LatestRow;
};

/** What is logged to a run, of its metrics the latest points. */
export interface Facts extends Pick<Run, 'params' | 'tags' | 'metrics' | 'inputs' | 'datasets' | 'modelInputs' | 'modelOutputs'> {
  readonly latest: MetricPoint[];
}
/** The keys that are asked for. */
export type WantedKeys = Readonly<Record<'metrics' | 'params' | 'tags', readonly string[]>>;
type Texts = Readonly<Record<string, string>>;
/** A run, and the experiment it lies under. */
export interface FiledRun {
  readonly id: string;
  readonly experimentId: string;
}

/** Rows go in ordered by their key: logs that meet in one run then wait for each other, and not in a circle. */
const rowsOf = ({ id, experimentId }: FiledRun, texts: Texts): KeyValueRow[] =>
  Object.keys(texts)
    .sort()
    .map((key) => ({ run_id: id, experiment_id: experimentId, key, value: texts[key]! }));

export const factsStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const isOf = (runIds: readonly string[]) => among(tx, sql`run_id`, runIds);
  /** Large pages are mostly this. */
  const perRun = async (
    runIds: readonly string[],
    table: 'run_param' | 'run_tag' | 'run_latest_metric',
    columns: readonly RawBuilder<unknown>[],
    keys: readonly string[] | undefined,
  ): Promise<{ runId: string; rows: unknown[] }[]> => {
    const asked = db.selectFrom(table).select(['run_id', gathered(tx, columns).as('rows')]);
    const wanted = keys ? asked.where(among(tx, sql`key`, keys)) : asked;
    const groups = await wanted.where(isOf(runIds)).groupBy('run_id').execute();
    return groups.map(({ run_id, rows }) => ({ runId: run_id, rows: JSON.parse(rows) as unknown[] }));
  };
  return {
    /** Of several runs, in six questions however many they are; schema and profile of their datasets where the whole is asked for. */
    of: async (
      runIds: readonly string[],
      { whole = false, only }: { whole?: boolean; only?: WantedKeys } = {},
    ): Promise<(runId: string) => Facts> => {
      const all = new Map<string, Facts>(runIds.map((id) => [id, noFacts()]));
      if (runIds.length === 0) return (id) => all.get(id)!;
      const [params, tags, metrics, inputs, datasets, models] = await together([
        perRun(runIds, 'run_param', [sql`key`, sql`value`], only?.params),
        perRun(runIds, 'run_tag', [sql`key`, sql`value`], only?.tags),
        perRun(runIds, 'run_latest_metric', [sql`key`, sql`cast(step as text)`, sql`time`, sql`is_nan`, sql`value`], only?.metrics),
        db.selectFrom('run_input').selectAll().where(isOf(runIds)).orderBy('dataset').orderBy('number').orderBy('context').execute(),
        db
          .selectFrom('run_dataset')
          .innerJoin('logged_dataset', 'logged_dataset.id', 'run_dataset.dataset_id')
          .select(['run_id', 'tags', 'name', 'digest', 'source_type', 'source', ...(whole ? (['schema', 'profile'] as const) : [])])
          .where(isOf(runIds))
          .orderBy('name')
          .orderBy('digest')
          .execute(),
        db.selectFrom('run_model').selectAll().where(isOf(runIds)).orderBy('step').orderBy('model_id').execute(),
      ]);
      for (const { runId, rows } of params)
        for (const [key, value] of rows as [string, string][]) setOwn(all.get(runId)!.params, key, value);
      for (const { runId, rows } of tags) for (const [key, value] of rows as [string, string][]) setOwn(all.get(runId)!.tags, key, value);
      for (const { runId, rows } of metrics) {
        const { metrics: latestOf, latest } = all.get(runId)!;
        for (const [key, step, time, is_nan, value] of rows as [string, string, number, number, number | string][]) {
          // What is beyond all numbers is a text in Postgres's JSON.
          const point = latestPoint({ key, step: stepOf(BigInt(step)), time, is_nan, value: Number(value) });
          setOwn(latestOf, key, realOf(point.value));
          latest.push(point);
        }
      }
      for (const { run_id, dataset, number, digest, context } of inputs)
        all.get(run_id)!.inputs.push({ dataset, number, digest, ...(context && { context }) });
      for (const { run_id, source_type, schema, profile, tags: json, ...row } of datasets)
        all.get(run_id)!.datasets.push({
          ...row,
          sourceType: source_type,
          ...(typeof schema === 'string' && { schema }),
          ...(typeof profile === 'string' && { profile }),
          tags: JSON.parse(json) as Record<string, string>,
        });
      for (const { run_id, model_id, direction, step } of models)
        if (direction === 'input') all.get(run_id)!.modelInputs.push(model_id);
        else all.get(run_id)!.modelOutputs.push({ modelId: model_id, step });
      return (id) => all.get(id)!;
    },
    /** Those that are there with another value; the others are there now. */
    addParams: async (run: FiledRun, params: Texts): Promise<{ key: string; value: string }[]> => {
      const rows = rowsOf(run, params);
      const added = await db
        .insertInto('run_param')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .returning('key')
        .execute();
      if (added.length === rows.length) return [];
      const known = db
        .selectFrom('run_param')
        .select(['key', 'value'])
        .where('run_id', '=', run.id)
        .where('key', 'in', Object.keys(params));
      return (await known.execute()).filter(({ key, value }) => params[key] !== value);
    },
    setTags: async (run: FiledRun, tags: Texts): Promise<void> => {
      await db
        .insertInto('run_tag')
        .values(rowsOf(run, tags))
        .onConflict((c) => c.columns(['run_id', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
        .execute();
    },
    addInputs: async (runId: string, inputs: readonly DatasetInput[]): Promise<void> => {
      const rows = inputs.map(({ dataset, number, digest, context = '' }) => ({ run_id: runId, dataset, number, digest, context }));
      await db
        .insertInto('run_input')
        .values(rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)))
        .onConflict((c) => c.doNothing())
        .execute();
    },
    /** False where it has none of that key. */
    removeTag: async (runId: string, key: string): Promise<boolean> => {
      const { numDeletedRows } = await db.deleteFrom('run_tag').where('run_id', '=', runId).where('key', '=', key).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    tag: async (runId: string, key: string): Promise<string | undefined> =>
      (await db.selectFrom('run_tag').select('value').where('run_id', '=', runId).where('key', '=', key).executeTakeFirst())?.value,
    /** One that was logged to the run before stays as it was. */
    addDatasets: async ({ id: runId, experimentId }: FiledRun, datasets: readonly LoggedDataset[]): Promise<void> => {
      if (datasets.length === 0) return;
      // The first of those that are said twice, and in order: writes that meet in one dataset then wait for each other, and not in a circle.
      const known = new Map(datasets.toReversed().map((dataset) => [datasetKey(dataset), dataset]));
      const keys = [...known.keys()].sort();
      await db
        .insertInto('logged_dataset')
        .values(keys.map((key) => datasetRow(experimentId, known.get(key)!)))
        .onConflict((c) => c.doNothing())
        .execute();
      const alike = await db
        .selectFrom('logged_dataset')
        .select(['id', 'name', 'digest'])
        .where('experiment_id', '=', experimentId)
        .where(
          'name',
          'in',
          datasets.map(({ name }) => name),
        )
        .where(
          'digest',
          'in',
          datasets.map(({ digest }) => digest),
        )
        .execute();
      const ids = new Map(alike.map((row) => [datasetKey(row), row.id]));
      await db
        .insertInto('run_dataset')
        .values(keys.map((key) => ({ run_id: runId, dataset_id: ids.get(key)!, tags: JSON.stringify(known.get(key)!.tags) })))
        .onConflict((c) => c.doNothing())
        .execute();
    },
    addModels: async (
      runId: string,
      direction: ModelRow['direction'],
      models: readonly { readonly modelId: string; readonly step: number }[],
    ): Promise<void> => {
      const steps = new Map(models.map(({ modelId, step }) => [modelId, step]));
      if (steps.size === 0) return;
      const rows = [...steps.keys()].sort().map((modelId) => ({ run_id: runId, model_id: modelId, direction, step: steps.get(modelId)! }));
      await db
        .insertInto('run_model')
        .values(rows)
        .onConflict((c) => c.columns(['run_id', 'model_id', 'direction']).doUpdateSet((eb) => ({ step: eb.ref('excluded.step') })))
        .execute();
    },
    purge: async (runIds: readonly string[]): Promise<void> => {
      for (const table of ['run_param', 'run_tag', 'run_input', 'run_latest_metric', 'run_dataset', 'run_model'] as const)
        await db.deleteFrom(table).where('run_id', 'in', runIds).execute();
    },
    /** Once no run of the experiment is left. */
    purgeDatasets: async (experimentId: string): Promise<void> => {
      await db.deleteFrom('logged_dataset').where('experiment_id', '=', experimentId).execute();
    },
  };
};

const datasetKey = ({ name, digest }: { name: string; digest: string }): string => JSON.stringify([name, digest]);
const datasetRow = (experimentId: string, { name, digest, sourceType, source, schema, profile }: LoggedDataset): DatasetRow => ({
  id: newId(),
  experiment_id: experimentId,
  name,
  digest,
  source_type: sourceType,
  source,
  schema: schema ?? null,
  profile: profile ?? null,
});

const noFacts = (): Facts => ({
  params: {},
  tags: {},
  metrics: {},
  latest: [],
  inputs: [],
  datasets: [],
  modelInputs: [],
  modelOutputs: [],
});

/** A user's key may be `__proto__`. */
const setOwn = <T>(record: Record<string, T>, key: string, value: T): void =>
  void Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
