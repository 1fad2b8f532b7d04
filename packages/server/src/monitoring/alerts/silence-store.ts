import type { Matcher, Paging, Silence } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../../platform/index.ts';

interface SilenceRow {
  id: string;
  project_id: string;
  matchers: string;
  from_at: string;
  until_at: string;
  comment: string;
  created_at: string;
  created_by: string;
  removed_at: string | null;
}
type Tables = { silence: SilenceRow };
export type StoredSilence = Omit<Silence, 'status'>;

const fromRow = (row: SilenceRow, project: string): StoredSilence => ({
  id: row.id,
  project,
  matchers: JSON.parse(row.matchers) as Matcher[],
  from: row.from_at,
  until: row.until_at,
  comment: row.comment,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

export const silenceStore = (tx: Tx, project: ProjectRef) => {
  const db = tx.withTables<Tables>();
  const all = () => db.selectFrom('silence').selectAll().where('project_id', '=', project.id);
  return {
    insert: async (silence: StoredSilence): Promise<void> => {
      await db
        .insertInto('silence')
        .values({
          id: silence.id,
          project_id: project.id,
          matchers: JSON.stringify(silence.matchers),
          from_at: silence.from,
          until_at: silence.until,
          comment: silence.comment,
          created_at: silence.createdAt,
          created_by: silence.createdBy,
          removed_at: null,
        })
        .execute();
    },
    /** Those that silence now, or will. */
    notEnded: async (now: string): Promise<StoredSilence[]> =>
      (await all().where('until_at', '>', now).orderBy('until_at').execute()).map((row) => fromRow(row, project.name)),
    /** Ends it now; whether there was one. */
    end: async (id: string, now: string): Promise<boolean> => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      if (!row) return false;
      const earlier = (time: string): string => (time < now ? time : now);
      await db
        .updateTable('silence')
        .set({ from_at: earlier(row.from_at), until_at: earlier(row.until_at), removed_at: row.removed_at ?? now })
        .where('id', '=', id)
        .execute();
      return true;
    },
    list: async ({ limit, cursor }: Paging) => {
      let query = all();
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, { item: (row) => fromRow(row, project.name), at: (row) => [row.id] });
    },
  };
};
