import type { Manifest, ManifestVersion } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';

interface ManifestRow {
  id: string;
  project_id: string;
  number: number;
  digest: string;
  manifest: string;
  applied_at: string;
  applied_by: string;
}
type Tables = { manifest: ManifestRow };

export const manifestStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (project: ProjectRef, version: ManifestVersion): Promise<void> => {
      const { id, number, digest, manifest, appliedAt, appliedBy } = version;
      await db
        .insertInto('manifest')
        .values({
          id,
          project_id: project.id,
          number,
          digest,
          manifest: JSON.stringify(manifest),
          applied_at: appliedAt,
          applied_by: appliedBy,
        })
        .execute();
    },
    find: async (project: ProjectRef, id: string): Promise<ManifestVersion | undefined> => {
      const row = await db.selectFrom('manifest').selectAll().where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst();
      return (
        row && {
          id: row.id,
          project: project.name,
          number: row.number,
          digest: row.digest,
          manifest: JSON.parse(row.manifest) as Manifest,
          appliedAt: row.applied_at,
          appliedBy: row.applied_by,
        }
      );
    },
  };
};
