import type { Experiment, Paging } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

interface ExperimentRow {
  id: string;
  project_id: string;
  name: string;
  created_at: string;
}
type Tables = { experiment: ExperimentRow; experiment_sequence: { id: number; last: number } };

export const experimentStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    nextId: async (): Promise<string> => {
      const { last } = await db
        .updateTable('experiment_sequence')
        .set((eb) => ({ last: eb('last', '+', 1) }))
        .where('id', '=', 1)
        .returning('last')
        .executeTakeFirstOrThrow();
      return String(last);
    },
    /** False where the project has one of that name. */
    insert: async (project: ProjectRef, { id, name, createdAt }: Experiment): Promise<boolean> => {
      const inserted = await db
        .insertInto('experiment')
        .values({ id, project_id: project.id, name, created_at: createdAt })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .execute();
      return inserted.length > 0;
    },
    list: async (project: ProjectRef, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('experiment')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, {
        item: (r): Experiment => ({ id: r.id, project: project.name, name: r.name, createdAt: r.created_at }),
        at: (r) => [r.name],
      });
    },
  };
};
