import { sql } from 'kysely';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { Texts } from './logged.ts';
import type { LoggedModel, LoggedModelMetric } from './logged-model.ts';
import { together } from './together.ts';

export interface LoggedModelRow {
  id: string;
  project_id: string;
  experiment_id: string;
  name: string;
  model_type: string | null;
  source_run_id: string | null;
  status: LoggedModel['status'];
  artifact_uri: string;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  created_by: string;
}
interface TextRow {
  model_id: string;
  key: string;
  value: string;
}
interface MetricRow {
  model_id: string;
  key: string;
  run_id: string;
  dataset_name: string;
  dataset_digest: string;
  step: number | bigint;
  time: number;
  is_nan: number;
  value: number;
}
export type LoggedModelTables = {
  logged_model: LoggedModelRow;
  logged_model_tag: TextRow;
  logged_model_param: TextRow;
  logged_model_metric: MetricRow;
};
type TextTable = 'logged_model_tag' | 'logged_model_param';

/** A logged model is looked for inside its project; one that was removed is not there. */
export const loggedModelStore = (tx: Tx) => {
  const db = tx.withTables<LoggedModelTables>();
  const living = (project: ProjectRef) =>
    db.selectFrom('logged_model').where('project_id', '=', project.id).where('deleted_at', 'is', null);

  const setTexts = async (table: TextTable, modelId: string, texts: Texts): Promise<void> => {
    const rows = textRows(modelId, texts);
    if (rows.length === 0) return;
    await db
      .insertInto(table)
      .values(rows)
      .onConflict((c) => c.columns(['model_id', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
      .execute();
  };
  const complete = async (rows: readonly LoggedModelRow[], project: ProjectRef): Promise<LoggedModel[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [tags, params, metrics] = await together([
      db.selectFrom('logged_model_tag').selectAll().where('model_id', 'in', ids).orderBy('key').execute(),
      db.selectFrom('logged_model_param').selectAll().where('model_id', 'in', ids).orderBy('key').execute(),
      db
        .selectFrom('logged_model_metric')
        .selectAll()
        .where('model_id', 'in', ids)
        .orderBy('key')
        .orderBy('run_id')
        .orderBy('time')
        .execute(),
    ]);
    const of = <R extends { model_id: string }>(all: readonly R[]) => Map.groupBy(all, (row) => row.model_id);
    const [tagsOf, paramsOf, metricsOf] = [of(tags), of(params), of(metrics)];
    return rows.map((r) => ({
      id: r.id,
      project: project.name,
      experimentId: r.experiment_id,
      name: r.name,
      modelType: r.model_type,
      sourceRunId: r.source_run_id,
      status: r.status,
      artifactUri: r.artifact_uri,
      tags: textsOf(tagsOf.get(r.id)),
      params: textsOf(paramsOf.get(r.id)),
      metrics: (metricsOf.get(r.id) ?? []).map(metricOf),
      createdAt: r.created_at,
      updatedAt: r.updated_at,
      createdBy: r.created_by,
    }));
  };

  return {
    complete,
    insert: async (projectId: string, model: LoggedModel): Promise<void> => {
      await db
        .insertInto('logged_model')
        .values({
          id: model.id,
          project_id: projectId,
          experiment_id: model.experimentId,
          name: model.name,
          model_type: model.modelType,
          source_run_id: model.sourceRunId,
          status: model.status,
          artifact_uri: model.artifactUri,
          created_at: model.createdAt,
          updated_at: model.updatedAt,
          deleted_at: null,
          created_by: model.createdBy,
        })
        .execute();
      await setTexts('logged_model_tag', model.id, model.tags);
      await setTexts('logged_model_param', model.id, model.params);
    },
    has: async (project: ProjectRef, id: string): Promise<boolean> =>
      (await living(project).select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    find: async (project: ProjectRef, id: string): Promise<LoggedModel | undefined> =>
      (await complete(await living(project).selectAll().where('id', '=', id).execute(), project))[0],
    /** The newest of a name that a run logged. */
    ofRun: async (project: ProjectRef, { runId, name }: { runId: string; name: string }): Promise<LoggedModel | undefined> => {
      const rows = living(project).selectAll().where('source_run_id', '=', runId).where('name', '=', name);
      return (await complete(await rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1).execute(), project))[0];
    },
    /** In the order that was asked for. */
    all: async (project: ProjectRef, ids: readonly string[]): Promise<LoggedModel[]> => {
      if (ids.length === 0) return [];
      const rows = new Map((await living(project).selectAll().where('id', 'in', ids).execute()).map((row) => [row.id, row]));
      return complete(
        ids.flatMap((id) => rows.get(id) ?? []),
        project,
      );
    },
    update: async (id: string, change: { status?: LoggedModel['status']; updatedAt: string; deletedAt?: string }): Promise<void> => {
      const { status, updatedAt, deletedAt } = change;
      await db
        .updateTable('logged_model')
        .set({ updated_at: updatedAt, ...(status !== undefined && { status }), ...(deletedAt !== undefined && { deleted_at: deletedAt }) })
        .where('id', '=', id)
        .execute();
    },
    setTags: (id: string, tags: Texts) => setTexts('logged_model_tag', id, tags),
    /** Those that are there with another value; the others are there now. */
    addParams: async (id: string, params: Texts): Promise<{ key: string; value: string }[]> => {
      const rows = textRows(id, params);
      if (rows.length === 0) return [];
      await db
        .insertInto('logged_model_param')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .execute();
      const known = db.selectFrom('logged_model_param').select(['key', 'value']).where('model_id', '=', id);
      return (await known.where('key', 'in', Object.keys(params)).execute()).filter(({ key, value }) => params[key] !== value);
    },
    tag: async (id: string, key: string): Promise<string | undefined> =>
      (await db.selectFrom('logged_model_tag').select('value').where('model_id', '=', id).where('key', '=', key).executeTakeFirst())?.value,
    /** False where there was none. */
    removeTag: async (id: string, key: string): Promise<boolean> =>
      (await db.deleteFrom('logged_model_tag').where('model_id', '=', id).where('key', '=', key).executeTakeFirst()).numDeletedRows > 0n,
    /** Keeps what is later by step, then time. One of each key comes in. */
    measure: async (modelId: string, metrics: readonly LoggedModelMetric[]): Promise<void> => {
      if (metrics.length === 0) return;
      const rows = metrics
        .map((metric) => metricRow(modelId, metric))
        .toSorted((a, b) => (`${a.key}\n${a.run_id}` < `${b.key}\n${b.run_id}` ? -1 : 1));
      await db
        .insertInto('logged_model_metric')
        .values(rows)
        .onConflict((c) =>
          c
            .columns(['model_id', 'key', 'run_id', 'dataset_name', 'dataset_digest'])
            .doUpdateSet((eb) => ({
              step: eb.ref('excluded.step'),
              time: eb.ref('excluded.time'),
              is_nan: eb.ref('excluded.is_nan'),
              value: eb.ref('excluded.value'),
            }))
            .where(
              sql<boolean>`(excluded.step, excluded.time, excluded.is_nan, excluded.value) > (logged_model_metric.step, logged_model_metric.time, logged_model_metric.is_nan, logged_model_metric.value)`,
            ),
        )
        .execute();
    },
    /** Removed ones too. */
    someOf: async (experimentId: string, limit: number): Promise<string[]> => {
      const rows = db.selectFrom('logged_model').select('id').where('experiment_id', '=', experimentId).limit(limit);
      return (await rows.execute()).map(({ id }) => id);
    },
    purge: async (ids: readonly string[]): Promise<void> => {
      for (const table of ['logged_model_tag', 'logged_model_param', 'logged_model_metric'] as const)
        await db.deleteFrom(table).where('model_id', 'in', ids).execute();
      await db.deleteFrom('logged_model').where('id', 'in', ids).execute();
    },
  };
};

/** In one order, so that writers do not wait for each other in a ring. */
const textRows = (modelId: string, texts: Texts): TextRow[] =>
  Object.keys(texts)
    .sort()
    .map((key) => ({ model_id: modelId, key, value: texts[key]! }));
const textsOf = (rows: readonly TextRow[] = []): Record<string, string> => Object.fromEntries(rows.map(({ key, value }) => [key, value]));

/** SQLite has no NaN: the flag stands for it. */
const metricRow = (modelId: string, { key, runId, dataset, step, time, value }: LoggedModelMetric): MetricRow => ({
  model_id: modelId,
  key,
  run_id: runId,
  dataset_name: dataset?.name ?? '',
  dataset_digest: dataset?.digest ?? '',
  step,
  time,
  is_nan: Number(Number.isNaN(value)),
  value: Number.isNaN(value) ? 0 : value,
});
const metricOf = (r: MetricRow): LoggedModelMetric => ({
  key: r.key,
  runId: r.run_id,
  dataset: r.dataset_name === '' ? null : { name: r.dataset_name, digest: r.dataset_digest },
  step: r.step,
  time: r.time,
  value: r.is_nan === 1 ? Number.NaN : r.value,
});
