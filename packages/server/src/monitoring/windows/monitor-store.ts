import type { ProjectRef } from '../../governance/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { Position } from '../../platform/segments/index.ts';

interface MonitorRow {
  id: string;
  project_id: string;
  name: string;
  endpoint: string;
  endpoint_id: string;
  shape: string;
  current: number;
  position: string | null;
  feedback_seq: number;
  greatest_event: string | null;
  last_arrival: string | null;
  closed_until: string | null;
  future: number;
  past: number;
  late: number;
  estimates_scored: number;
  estimates_held: number;
  estimates_error: number;
  created_at: string;
}
interface LearnedRow {
  monitor_id: string;
  model_version_id: string;
  learned: string;
}
interface ReferenceRow {
  id: string;
  project_id: string;
  reference: string;
  created_at: string;
}
type Tables = { monitor: MonitorRow; learned_reference: LearnedRow; monitor_reference: ReferenceRow };

/** Where a monitor stands. Times are epoch milliseconds of event time, but for `lastArrival` and `createdAt`. */
export interface MonitorState {
  readonly id: string;
  readonly endpointId: string;
  readonly shape: string;
  readonly position: Position | null;
  readonly feedbackSeq: number;
  readonly greatestEvent: number | null;
  readonly lastArrival: number | null;
  readonly closedUntil: number | null;
  readonly future: number;
  readonly past: number;
  readonly late: number;
  readonly estimates: { readonly scored: number; readonly heldUp: number; readonly errorSum: number };
  readonly createdAt: number;
}
const at = (text: string | null): number | null => (text === null ? null : Date.parse(text));
const text = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const fromRow = (r: MonitorRow): MonitorState => ({
  id: r.id,
  endpointId: r.endpoint_id,
  shape: r.shape,
  position: r.position === null ? null : (JSON.parse(r.position) as Position),
  feedbackSeq: r.feedback_seq,
  greatestEvent: at(r.greatest_event),
  lastArrival: at(r.last_arrival),
  closedUntil: at(r.closed_until),
  future: r.future,
  past: r.past,
  late: r.late,
  estimates: { scored: r.estimates_scored, heldUp: r.estimates_held, errorSum: r.estimates_error },
  createdAt: Date.parse(r.created_at),
});

export const monitorStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    current: async ({ id }: ProjectRef, name: string): Promise<MonitorState | undefined> => {
      const row = await db
        .selectFrom('monitor')
        .selectAll()
        .where('project_id', '=', id)
        .where('name', '=', name)
        .where('current', '=', 1)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    retire: async (monitorId: string): Promise<void> => {
      await db.updateTable('monitor').set({ current: 0 }).where('id', '=', monitorId).execute();
    },
    insert: async (project: ProjectRef, named: { name: string; endpoint: string }, state: MonitorState): Promise<void> => {
      await db
        .insertInto('monitor')
        .values({
          id: state.id,
          project_id: project.id,
          ...named,
          endpoint_id: state.endpointId,
          shape: state.shape,
          current: 1,
          position: state.position && JSON.stringify(state.position),
          feedback_seq: state.feedbackSeq,
          greatest_event: text(state.greatestEvent),
          last_arrival: text(state.lastArrival),
          closed_until: text(state.closedUntil),
          future: state.future,
          past: state.past,
          late: state.late,
          estimates_scored: 0,
          estimates_held: 0,
          estimates_error: 0,
          created_at: text(state.createdAt)!,
        })
        .execute();
    },
    /** Moves on from where it was read; false where somebody else has moved it meanwhile. */
    advance: async (from: MonitorState, to: Partial<MonitorState>): Promise<boolean> => {
      const next = { ...from, ...to };
      const before = from.position && JSON.stringify(from.position);
      const { numUpdatedRows } = await db
        .updateTable('monitor')
        .set({
          position: next.position && JSON.stringify(next.position),
          feedback_seq: next.feedbackSeq,
          greatest_event: text(next.greatestEvent),
          last_arrival: text(next.lastArrival),
          closed_until: text(next.closedUntil),
          future: next.future,
          past: next.past,
          late: next.late,
          estimates_scored: next.estimates.scored,
          estimates_held: next.estimates.heldUp,
          estimates_error: next.estimates.errorSum,
        })
        .where('id', '=', from.id)
        .where('current', '=', 1)
        .where('position', before === null ? 'is' : '=', before)
        .where('feedback_seq', '=', from.feedbackSeq)
        .where('closed_until', from.closedUntil === null ? 'is' : '=', text(from.closedUntil))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    learned: async (monitorId: string, modelVersionId: string): Promise<string | undefined> =>
      (
        await db
          .selectFrom('learned_reference')
          .select('learned')
          .where('monitor_id', '=', monitorId)
          .where('model_version_id', '=', modelVersionId)
          .executeTakeFirst()
      )?.learned,
    keepLearned: async (monitorId: string, modelVersionId: string, learned: string): Promise<void> => {
      await db
        .insertInto('learned_reference')
        .values({ monitor_id: monitorId, model_version_id: modelVersionId, learned })
        .onConflict((c) => c.columns(['monitor_id', 'model_version_id']).doUpdateSet({ learned }))
        .execute();
    },
    reference: async (id: string): Promise<string | undefined> =>
      (await db.selectFrom('monitor_reference').select('reference').where('id', '=', id).executeTakeFirst())?.reference,
    keepReference: async (
      project: ProjectRef,
      { id, reference, createdAt }: { id: string; reference: string; createdAt: string },
    ): Promise<void> => {
      await db
        .insertInto('monitor_reference')
        .values({ id, project_id: project.id, reference, created_at: createdAt })
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    },
  };
};
