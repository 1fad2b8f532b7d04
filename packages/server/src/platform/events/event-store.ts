import type { BoucleEvent } from '@boucle/contract';
import type { Tx } from '../db/index.ts';

export interface EventRow {
  id: string;
  seq: number | null;
  project_id: string;
  project: string;
  type: string;
  subject_type: string;
  subject_id: string;
  actor: string;
  correlation_id: string | null;
  at: string;
  data: string;
}
type Tables = {
  event: EventRow;
  event_sequence: { id: number; last: number };
};

const fromRow = (r: EventRow): BoucleEvent => ({
  seq: r.seq!,
  id: r.id,
  type: r.type,
  subject: { project: r.project, type: r.subject_type, id: r.subject_id },
  actor: r.actor,
  correlationId: r.correlation_id,
  at: r.at,
  data: JSON.parse(r.data) as Record<string, unknown>,
});

/** By name, since SQLite does not return `event.*` from an update that joins. */
const columns = [
  'id',
  'seq',
  'project_id',
  'project',
  'type',
  'subject_type',
  'subject_id',
  'actor',
  'correlation_id',
  'at',
  'data',
] as const;

export const eventStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (row: Omit<EventRow, 'seq'>): Promise<void> => {
      await db
        .insertInto('event')
        .values({ ...row, seq: null })
        .execute();
    },
    /** Numbers what was committed and has no number yet. The sequence's row is locked first, so one publisher numbers at a time. */
    number: async (limit: number): Promise<BoucleEvent[]> => {
      const { last } = await db
        .updateTable('event_sequence')
        .set((eb) => ({ last: eb('last', '+', 0) }))
        .where('id', '=', 1)
        .returning('last')
        .executeTakeFirstOrThrow();
      // One statement for all: an update for each event would hold up the writers behind it.
      const numbered = await db
        .with('fresh', (qc) =>
          qc
            .selectFrom('event')
            .select([
              'id as fresh_id',
              (eb) =>
                eb.fn
                  .agg<number>('row_number')
                  .over((over) => over.orderBy('id'))
                  .as('nth'),
            ])
            .where('seq', 'is', null)
            .orderBy('id')
            .limit(limit),
        )
        .updateTable('event')
        .from('fresh')
        .set((eb) => ({ seq: eb('fresh.nth', '+', last) }))
        .whereRef('event.id', '=', 'fresh.fresh_id')
        .returning(columns)
        .execute();
      if (numbered.length === 0) return [];
      await db
        .updateTable('event_sequence')
        .set({ last: last + numbered.length })
        .where('id', '=', 1)
        .execute();
      return numbered.map(fromRow).sort((a, b) => a.seq - b.seq);
    },
    last: async (): Promise<number> =>
      (await db.selectFrom('event_sequence').select('last').where('id', '=', 1).executeTakeFirstOrThrow()).last,
    hasUnnumbered: async (): Promise<boolean> =>
      (await db.selectFrom('event').select('id').where('seq', 'is', null).limit(1).execute()).length > 0,
    after: async (projectId: string, seq: number, limit: number): Promise<BoucleEvent[]> =>
      (
        await db
          .selectFrom('event')
          .selectAll()
          .where('project_id', '=', projectId)
          .where('seq', '>', seq)
          .orderBy('seq')
          .limit(limit)
          .execute()
      ).map(fromRow),
    byCorrelation: async (projectId: string, correlationId: string, limit: number): Promise<BoucleEvent[]> =>
      (
        await db
          .selectFrom('event')
          .selectAll()
          .where('project_id', '=', projectId)
          .where('correlation_id', '=', correlationId)
          .where('seq', 'is not', null)
          .orderBy('seq')
          .limit(limit)
          .execute()
      ).map(fromRow),
    /** Of the kinds that matter, the first so many. */
    ofKinds: async (
      projectId: string,
      correlationId: string,
      { types, limit }: { types: readonly string[]; limit: number },
    ): Promise<BoucleEvent[]> =>
      (
        await db
          .selectFrom('event')
          .selectAll()
          .where('project_id', '=', projectId)
          .where('correlation_id', '=', correlationId)
          .where('type', 'in', types)
          .where('seq', 'is not', null)
          .orderBy('seq')
          .limit(limit)
          .execute()
      ).map(fromRow),
    /** Correlation ids with an event of these kinds, the one with the latest first. */
    correlations: async (projectId: string, { types, limit }: { types: readonly string[]; limit: number }): Promise<string[]> =>
      (
        await db
          .selectFrom('event')
          .select('correlation_id')
          .where('project_id', '=', projectId)
          .where('correlation_id', 'is not', null)
          .where('type', 'in', types)
          .where('seq', 'is not', null)
          .groupBy('correlation_id')
          .orderBy((eb) => eb.fn.max('seq'), 'desc')
          .limit(limit)
          .execute()
      ).map(({ correlation_id }) => correlation_id!),
    /** The correlation id of the newest event that has one. */
    latestCorrelation: async (projectId: string): Promise<string | null> =>
      (
        await db
          .selectFrom('event')
          .select('correlation_id')
          .where('project_id', '=', projectId)
          .where('correlation_id', 'is not', null)
          .where('seq', 'is not', null)
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst()
      )?.correlation_id ?? null,
  };
};
