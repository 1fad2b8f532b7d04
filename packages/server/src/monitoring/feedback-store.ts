import type { Feedback } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';

interface FeedbackRow {
  id: string;
  project_id: string;
  prediction_id: string;
  endpoint: string;
  label: string;
  comment: string | null;
  supersedes: string | null;
  current: number;
  agreed: number;
  event_time: string;
  arrival_time: string;
  given_by: string;
}
interface Tally {
  readonly feedback: number;
  readonly agreed: number;
}
type Tables = { feedback: FeedbackRow; feedback_tally: Tally & { project_id: string } };

export interface FeedbackFacts {
  readonly endpoint: string;
  /** Said the same as the prediction. */
  readonly agreed: boolean;
}

export interface CurrentFeedback {
  readonly feedback: Feedback;
  readonly agreed: boolean;
}

const fromRow = (r: FeedbackRow, project: string): Feedback => ({
  id: r.id,
  project,
  predictionId: r.prediction_id,
  label: JSON.parse(r.label) as unknown,
  comment: r.comment,
  supersedes: r.supersedes,
  eventTime: r.event_time,
  arrivalTime: r.arrival_time,
  by: r.given_by,
});

export const feedbackStore = (tx: Tx, project: ProjectRef) => {
  const db = tx.withTables<Tables>();
  return {
    /** Until the write ends, other calls for the project wait. */
    lock: async (): Promise<void> => {
      await db
        .insertInto('feedback_tally')
        .values({ project_id: project.id, feedback: 0, agreed: 0 })
        .onConflict((c) => c.column('project_id').doUpdateSet({ project_id: project.id }))
        .execute();
    },
    /** The newest for each prediction. */
    current: async (predictionIds: readonly string[]): Promise<Map<string, CurrentFeedback>> => {
      const rows = await db
        .selectFrom('feedback')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('current', '=', 1)
        .where('prediction_id', 'in', [...predictionIds, ''])
        .execute();
      return new Map(rows.map((row) => [row.prediction_id, { feedback: fromRow(row, project.name), agreed: row.agreed === 1 }]));
    },
    insert: async (feedback: Feedback, { endpoint, agreed }: FeedbackFacts): Promise<void> => {
      if (feedback.supersedes !== null)
        await db.updateTable('feedback').set({ current: 0 }).where('id', '=', feedback.supersedes).execute();
      await db
        .insertInto('feedback')
        .values({
          id: feedback.id,
          project_id: project.id,
          prediction_id: feedback.predictionId,
          endpoint,
          label: JSON.stringify(feedback.label),
          comment: feedback.comment,
          supersedes: feedback.supersedes,
          current: 1,
          agreed: agreed ? 1 : 0,
          event_time: feedback.eventTime,
          arrival_time: feedback.arrivalTime,
          given_by: feedback.by,
        })
        .execute();
    },
    /** All of a prediction, newest first. */
    of: async (predictionId: string): Promise<Feedback[]> =>
      (
        await db
          .selectFrom('feedback')
          .selectAll()
          .where('project_id', '=', project.id)
          .where('prediction_id', '=', predictionId)
          .orderBy('id', 'desc')
          .execute()
      ).map((row) => fromRow(row, project.name)),
    count: async ({ feedback, agreed }: Tally): Promise<void> => {
      await db
        .updateTable('feedback_tally')
        .set((eb) => ({ feedback: eb('feedback', '+', feedback), agreed: eb('agreed', '+', agreed) }))
        .where('project_id', '=', project.id)
        .execute();
    },
    tally: async (): Promise<Tally> =>
      (await db.selectFrom('feedback_tally').select(['feedback', 'agreed']).where('project_id', '=', project.id).executeTakeFirst()) ?? {
        feedback: 0,
        agreed: 0,
      },
  };
};
