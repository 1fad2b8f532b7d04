import type { Evidence, ModelVersion, Paging, Signature } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

interface VersionRow {
  id: string;
  project_id: string;
  model_id: string;
  number: number;
  digest: string;
  task: string;
  signature: string;
  labels: string;
  run_id: string | null;
  step_run_id: string | null;
  evidence: string;
  predictions: string | null;
  created_at: string;
  created_by: string;
  correlation_id: string;
}
type Tables = {
  model_version: VersionRow;
  registered_model: { id: string; name: string };
  model_alias: { model_id: string; alias: string; number: number };
};

const fromRow = (r: VersionRow & { model: string }, project: ProjectRef, aliases: readonly string[]): ModelVersion => ({
  id: r.id,
  project: project.name,
  model: r.model,
  number: r.number,
  digest: r.digest,
  task: r.task,
  signature: JSON.parse(r.signature) as Signature,
  labels: JSON.parse(r.labels) as string[],
  runId: r.run_id,
  stepRunId: r.step_run_id,
  evidence: JSON.parse(r.evidence) as Evidence[],
  predictions: r.predictions,
  aliases: [...aliases],
  createdAt: r.created_at,
  createdBy: r.created_by,
  correlationId: r.correlation_id,
});

export const versionStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const versionsIn = (project: ProjectRef) =>
    db
      .selectFrom('model_version')
      .innerJoin('registered_model', 'registered_model.id', 'model_version.model_id')
      .selectAll('model_version')
      .select('registered_model.name as model')
      .where('model_version.project_id', '=', project.id);
  type Query = ReturnType<typeof versionsIn>;

  const withAliases = async (rows: readonly (VersionRow & { model: string })[], project: ProjectRef) => {
    const models = [...new Set(rows.map((row) => row.model_id))];
    const aliases =
      models.length === 0 ? [] : await db.selectFrom('model_alias').selectAll().where('model_id', 'in', models).orderBy('alias').execute();
    return (row: VersionRow & { model: string }): ModelVersion => {
      const ours = aliases.filter(({ model_id, number }) => model_id === row.model_id && number === row.number);
      return fromRow(
        row,
        project,
        ours.map(({ alias }) => alias),
      );
    };
  };
  const first = async (project: ProjectRef, query: Query): Promise<ModelVersion | undefined> => {
    const row = await query.limit(1).executeTakeFirst();
    return row && (await withAliases([row], project))(row);
  };

  return {
    insert: async (projectId: string, modelId: string, version: ModelVersion): Promise<void> => {
      await db
        .insertInto('model_version')
        .values({
          id: version.id,
          project_id: projectId,
          model_id: modelId,
          number: version.number,
          digest: version.digest,
          task: version.task,
          signature: JSON.stringify(version.signature),
          labels: JSON.stringify(version.labels),
          run_id: version.runId,
          step_run_id: version.stepRunId,
          evidence: JSON.stringify(version.evidence),
          predictions: version.predictions,
          created_at: version.createdAt,
          created_by: version.createdBy,
          correlation_id: version.correlationId,
        })
        .execute();
    },
    find: (project: ProjectRef, modelId: string, number: number) =>
      first(project, versionsIn(project).where('model_id', '=', modelId).where('number', '=', number)),
    findDigest: (project: ProjectRef, modelId: string, digest: string) =>
      first(project, versionsIn(project).where('model_id', '=', modelId).where('digest', '=', digest)),
    byId: (project: ProjectRef, id: string) => first(project, versionsIn(project).where('model_version.id', '=', id)),
    newest: (project: ProjectRef) => first(project, versionsIn(project).orderBy('model_version.id', 'desc').limit(1)),
    list: async (project: ProjectRef, modelId: string, { limit, cursor }: Paging) => {
      let query = versionsIn(project)
        .where('model_id', '=', modelId)
        .orderBy('number', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('number', '<', decodeCursor(cursor, ['number'])[0]);
      const rows = await query.execute();
      return pageOf(rows, limit, { item: await withAliases(rows, project), at: (row) => [row.number] });
    },
  };
};
