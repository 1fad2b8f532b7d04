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
type Tables = { feedback: FeedbackRow };

export interface FeedbackFacts {
  readonly endpoint: string;
  /** Said the same as the prediction. */
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
    /** The newest for each prediction. */
    current: async (predictionIds: readonly string[]): Promise<Map<string, Feedback>> => {
      const rows = await db
        .selectFrom('feedback')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('current', '=', 1)
        .where('prediction_id', 'in', [...predictionIds, ''])
        .execute();
      return new Map(rows.map((row) => [row.prediction_id, fromRow(row, project.name)]));
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
    counts: async (): Promise<{ feedback: number; agreed: number }> => {
      const row = await db
        .selectFrom('feedback')
        .select((eb) => [eb.fn.countAll<number>().as('feedback'), eb.fn.sum<number | null>('agreed').as('agreed')])
        .where('project_id', '=', project.id)
        .where('current', '=', 1)
        .executeTakeFirstOrThrow();
      return { feedback: row.feedback, agreed: row.agreed ?? 0 };
    },
  };
};
