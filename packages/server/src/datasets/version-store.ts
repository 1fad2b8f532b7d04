import type { BlobDigest, ColumnProfile, DatasetVersion, Paging, TableSchema } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

interface VersionRow {
  id: string;
  project_id: string;
  dataset_id: string;
  number: number;
  digest: string;
  blob: BlobDigest;
  schema: string;
  key: string;
  rows: number;
  bytes: number;
  repeated_keys: number;
  columns: string;
  source: string;
  created_at: string;
  created_by: string;
  correlation_id: string;
}
type Tables = { dataset_version: VersionRow; dataset: { id: string; name: string } };
type Named = VersionRow & { dataset: string };
export type StoredVersion = DatasetVersion & { readonly blob: BlobDigest };

const fromRow = (r: Named, project: ProjectRef): StoredVersion => ({
  id: r.id,
  project: project.name,
  dataset: r.dataset,
  number: r.number,
  digest: r.digest,
  blob: r.blob,
  schema: JSON.parse(r.schema) as TableSchema,
  key: JSON.parse(r.key) as string[],
  rows: r.rows,
  bytes: r.bytes,
  repeatedKeys: r.repeated_keys,
  columns: JSON.parse(r.columns) as ColumnProfile[],
  source: r.source,
  createdAt: r.created_at,
  createdBy: r.created_by,
  correlationId: r.correlation_id,
});

export const versionStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const versionsIn = (project: ProjectRef) =>
    db
      .selectFrom('dataset_version')
      .innerJoin('dataset', 'dataset.id', 'dataset_version.dataset_id')
      .selectAll('dataset_version')
      .select('dataset.name as dataset')
      .where('dataset_version.project_id', '=', project.id);

  return {
    insert: async (projectId: string, datasetId: string, version: StoredVersion): Promise<void> => {
      await db
        .insertInto('dataset_version')
        .values({
          id: version.id,
          project_id: projectId,
          dataset_id: datasetId,
          number: version.number,
          digest: version.digest,
          blob: version.blob,
          schema: JSON.stringify(version.schema),
          key: JSON.stringify(version.key),
          rows: version.rows,
          bytes: version.bytes,
          repeated_keys: version.repeatedKeys,
          columns: JSON.stringify(version.columns),
          source: version.source,
          created_at: version.createdAt,
          created_by: version.createdBy,
          correlation_id: version.correlationId,
        })
        .execute();
    },
    find: async (project: ProjectRef, datasetId: string, number: number): Promise<StoredVersion | undefined> => {
      const row = await versionsIn(project).where('dataset_id', '=', datasetId).where('number', '=', number).executeTakeFirst();
      return row && fromRow(row, project);
    },
    list: async (project: ProjectRef, datasetId: string, { limit, cursor }: Paging) => {
      let query = versionsIn(project)
        .where('dataset_id', '=', datasetId)
        .orderBy('number', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('number', '<', decodeCursor(cursor, ['number'])[0]);
      return pageOf(await query.execute(), limit, { item: (row) => fromRow(row, project), at: (row) => [row.number] });
    },
    newest: async (project: ProjectRef): Promise<StoredVersion | undefined> => {
      const row = await versionsIn(project).orderBy('dataset_version.id', 'desc').limit(1).executeTakeFirst();
      return row && fromRow(row, project);
    },
    /** Newest first: the same table may be there under several names. */
    byDigest: async (project: ProjectRef, digest: string): Promise<StoredVersion[]> => {
      const rows = await versionsIn(project).where('digest', '=', digest).orderBy('dataset_version.id', 'desc').execute();
      return rows.map((row) => fromRow(row, project));
    },
  };
};
