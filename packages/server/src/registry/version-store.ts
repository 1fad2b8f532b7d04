import type { Evidence, ModelStage, ModelVersion, Paging, Signature } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import { tagStore } from './tag-store.ts';

export interface VersionRow {
  id: string;
  project_id: string;
  model_id: string;
  number: number;
  digest: string | null;
  task: string | null;
  signature: string | null;
  labels: string;
  source: string | null;
  location: string | null;
  logged_model_id: string | null;
  description: string;
  stage: ModelStage;
  run_link: string | null;
  run_id: string | null;
  step_run_id: string | null;
  evidence: string;
  predictions: string | null;
  predictions_tree: string | null;
  created_at: string;
  updated_at: string;
  /** A removed version is found by its id alone. */
  deleted_at: string | null;
  created_by: string;
  correlation_id: string;
}
type Tables = {
  model_version: VersionRow;
  registered_model: { id: string; name: string };
  model_alias: { model_id: string; alias: string; number: number };
};
type Row = VersionRow & { model: string };
/** What only the server's own work needs of a version. */
export interface VersionPlaces {
  /** The folder of the predictions that its evidence was computed from. */
  readonly predictionsTree?: string | null;
  readonly location?: string | null;
}

export const versionStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const ever = (project: ProjectRef) =>
    db
      .selectFrom('model_version')
      .innerJoin('registered_model', 'registered_model.id', 'model_version.model_id')
      .selectAll('model_version')
      .select('registered_model.name as model')
      .where('model_version.project_id', '=', project.id);
  const living = (project: ProjectRef) => ever(project).where('model_version.deleted_at', 'is', null);
  type Query = ReturnType<typeof ever>;

  const complete = async (rows: readonly Row[], project: ProjectRef): Promise<ModelVersion[]> => {
    if (rows.length === 0) return [];
    const models = [...new Set(rows.map((row) => row.model_id))];
    const aliases = await db.selectFrom('model_alias').selectAll().where('model_id', 'in', models).orderBy('alias').execute();
    const tags = await tagStore(tx).versions.of(rows.map(({ id }) => id));
    return rows.map((row) => ({
      ...fromRow(row, project),
      tags: tags(row.id),
      aliases: aliases.filter(({ model_id, number }) => model_id === row.model_id && number === row.number).map(({ alias }) => alias),
    }));
  };
  const first = async (project: ProjectRef, query: Query): Promise<ModelVersion | undefined> =>
    (await complete(await query.limit(1).execute(), project))[0];

  return {
    insert: async (owner: { projectId: string; modelId: string }, version: ModelVersion, places: VersionPlaces): Promise<void> => {
      await db
        .insertInto('model_version')
        .values(toRow(owner, version, places))
        .execute();
      await tagStore(tx).versions.set(version.id, version.tags);
    },
    /** Of a version that may have been removed since. */
    places: async (project: ProjectRef, id: string): Promise<VersionPlaces> => {
      const row = await ever(project).where('model_version.id', '=', id).executeTakeFirst();
      return { predictionsTree: row?.predictions_tree ?? null, location: row?.location ?? null };
    },
    find: (project: ProjectRef, modelId: string, number: number) =>
      first(project, living(project).where('model_id', '=', modelId).where('number', '=', number)),
    /** The first that holds the package. */
    findDigest: (project: ProjectRef, modelId: string, digest: string) =>
      first(project, living(project).where('model_id', '=', modelId).where('digest', '=', digest).orderBy('number')),
    byId: (project: ProjectRef, id: string) => first(project, ever(project).where('model_version.id', '=', id)),
    newest: (project: ProjectRef) => first(project, living(project).orderBy('model_version.id', 'desc')),
    /** In the order that was asked for; those that are not there any more are left out. */
    all: async (project: ProjectRef, ids: readonly string[]): Promise<ModelVersion[]> => {
      if (ids.length === 0) return [];
      const rows = new Map((await living(project).where('model_version.id', 'in', ids).execute()).map((row) => [row.id, row]));
      return complete(
        ids.flatMap((id) => rows.get(id) ?? []),
        project,
      );
    },
    list: async (project: ProjectRef, modelId: string, { limit, cursor }: Paging) => {
      let query = living(project)
        .where('model_id', '=', modelId)
        .orderBy('number', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('number', '<', decodeCursor(cursor, ['number'])[0]);
      const { items, nextCursor } = pageOf(await query.execute(), limit, { item: (row) => row, at: (row) => [row.number] });
      return { items: await complete(items, project), nextCursor };
    },
    /** The newest of each stage, of each model: one probe of an index each. */
    newestOfStages: async (project: ProjectRef, modelIds: readonly string[], stages: readonly ModelStage[]): Promise<ModelVersion[]> => {
      const found: Row[] = [];
      for (const stage of stages) {
        if (modelIds.length === 0) break;
        const newest = living(project)
          .where('registered_model.id', 'in', modelIds)
          .where('stage', '=', stage)
          .where('number', '=', (eb) =>
            eb
              .selectFrom('model_version as other')
              .select((max) => max.fn.max('other.number').as('number'))
              .whereRef('other.model_id', '=', 'registered_model.id')
              .where('other.stage', '=', stage)
              .where('other.deleted_at', 'is', null),
          );
        found.push(...(await newest.execute()));
      }
      return complete(found, project);
    },
    update: async (
      id: string,
      { description, stage, updatedAt, deletedAt }: { description?: string; stage?: ModelStage; updatedAt: string; deletedAt?: string },
    ): Promise<void> => {
      await db
        .updateTable('model_version')
        .set({
          updated_at: updatedAt,
          ...(description !== undefined && { description }),
          ...(stage !== undefined && { stage }),
          ...(deletedAt !== undefined && { deleted_at: deletedAt }),
        })
        .where('id', '=', id)
        .execute();
    },
    /** All others of a stage go to the archive; those that did. */
    archive: (
      modelId: string,
      { stage, but, at }: { stage: ModelStage; but: string; at: string },
    ): Promise<{ id: string; number: number }[]> =>
      db
        .updateTable('model_version')
        .set({ stage: 'archived', updated_at: at })
        .where('model_id', '=', modelId)
        .where('stage', '=', stage)
        .where('id', '!=', but)
        .where('deleted_at', 'is', null)
        .returning(['id', 'number'])
        .execute(),
    /** With their model. */
    removeOf: async (modelId: string, at: string): Promise<void> => {
      await db
        .updateTable('model_version')
        .set({ deleted_at: at })
        .where('model_id', '=', modelId)
        .where('deleted_at', 'is', null)
        .execute();
    },
  };
};

const toRow = (
  { projectId, modelId }: { projectId: string; modelId: string },
  version: ModelVersion,
  { predictionsTree, location }: VersionPlaces,
): VersionRow => ({
  id: version.id,
  project_id: projectId,
  model_id: modelId,
  number: version.number,
  digest: version.digest,
  task: version.task,
  signature: version.signature && JSON.stringify(version.signature),
  labels: JSON.stringify(version.labels),
  source: version.source,
  location: location ?? null,
  logged_model_id: version.loggedModelId,
  description: version.description,
  stage: version.stage,
  run_link: version.runLink,
  run_id: version.runId,
  step_run_id: version.stepRunId,
  evidence: JSON.stringify(version.evidence),
  predictions: version.predictions,
  predictions_tree: predictionsTree ?? null,
  created_at: version.createdAt,
  updated_at: version.updatedAt,
  deleted_at: null,
  created_by: version.createdBy,
  correlation_id: version.correlationId,
});

const fromRow = (r: Row, project: ProjectRef): Omit<ModelVersion, 'aliases' | 'tags'> => ({
  id: r.id,
  project: project.name,
  model: r.model,
  number: r.number,
  digest: r.digest,
  task: r.task,
  signature: r.signature === null ? null : (JSON.parse(r.signature) as Signature),
  labels: JSON.parse(r.labels) as string[],
  source: r.source,
  loggedModelId: r.logged_model_id,
  description: r.description,
  stage: r.stage,
  runLink: r.run_link,
  runId: r.run_id,
  stepRunId: r.step_run_id,
  evidence: JSON.parse(r.evidence) as Evidence[],
  predictions: r.predictions,
  createdAt: r.created_at,
  updatedAt: r.updated_at,
  createdBy: r.created_by,
  correlationId: r.correlation_id,
});
