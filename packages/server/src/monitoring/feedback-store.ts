import type { Feedback } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import { labelText } from './label-text.ts';

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
  predicted: string | null;
  variant: string | null;
  model_version_id: string | null;
  mode: string | null;
  prediction_time: string | null;
  slices: string | null;
  score: number | null;
  seq: number;
}
interface Tally {
  readonly feedback: number;
  readonly agreed: number;
}
type Tables = { feedback: FeedbackRow; feedback_tally: Tally & { project_id: string; said: number } };

export interface FeedbackFacts {
  readonly endpoint: string;
  /** Said the same as the prediction. */
  readonly agreed: boolean;
  readonly about: PredictionFacts;
}
/** What windows count labelled rows by. */
export interface PredictionFacts {
  readonly predicted: string | null;
  readonly score: number | null;
  readonly variant: string | null;
  readonly mode: 'live' | 'shadow';
  readonly modelVersionId: string | null;
  /** Its event time. */
  readonly time: string;
  /** Inputs that are short enough to be a slice. */
  readonly slices: Readonly<Record<string, string>>;
}

/** A label as it came in, with what it is about. */
export interface GivenLabel {
  /** Its place in the order of recording. */
  readonly seq: number;
  readonly predictionId: string;
  readonly label: unknown;
  /** In epoch milliseconds; a moment that lies ahead is that of arrival. */
  readonly at: number;
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

/** What was said and what was true of one prediction. */
export interface LabelledPrediction extends Omit<PredictionFacts, 'time' | 'mode'> {
  readonly mode: string | null;
  readonly actual: string;
}
export interface SaidFeedback extends LabelledPrediction {
  readonly seq: number;
  readonly feedback: Feedback;
}
const pageRows = 2000;
const labelledOf = (r: FeedbackRow): LabelledPrediction => ({
  predicted: r.predicted,
  actual: labelText(JSON.parse(r.label)),
  score: r.score,
  variant: r.variant,
  mode: r.mode,
  modelVersionId: r.model_version_id,
  slices: JSON.parse(r.slices ?? '{}') as Record<string, string>,
});

export const feedbackStore = (tx: Tx, project: ProjectRef) => {
  const db = tx.withTables<Tables>();
  return {
    /** Until the write ends, other calls for the project wait. */
    lock: async (): Promise<void> => {
      await db
        .insertInto('feedback_tally')
        .values({ project_id: project.id, feedback: 0, agreed: 0, said: 0 })
        .onConflict((c) => c.column('project_id').doUpdateSet({ project_id: project.id }))
        .execute();
    },
    /** Of those under the lock, the next number: feedback is read forward by it. */
    nextSeq: async (): Promise<number> => {
      const { said } = await db
        .updateTable('feedback_tally')
        .set((eb) => ({ said: eb('said', '+', 1) }))
        .where('project_id', '=', project.id)
        .returning('said')
        .executeTakeFirstOrThrow();
      return said;
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
    insert: async (feedback: Feedback, { endpoint, agreed, about }: FeedbackFacts, seq: number): Promise<void> => {
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
          predicted: about.predicted,
          variant: about.variant,
          model_version_id: about.modelVersionId,
          mode: about.mode,
          prediction_time: about.time,
          slices: JSON.stringify(about.slices),
          score: about.score,
          seq,
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
    /** Which predictions something was said of since, in the order in which it was said. */
    since: async (endpoint: string, seq: number, limit: number): Promise<{ seq: number; time: string | null }[]> =>
      db
        .selectFrom('feedback')
        .select(['seq', 'prediction_time as time'])
        .where('project_id', '=', project.id)
        .where('endpoint', '=', endpoint)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute(),
    /** What was said since, in the order of saying: also what was said again later. */
    given: async (endpoint: string, seq: number, limit: number): Promise<GivenLabel[]> => {
      const rows = await db
        .selectFrom('feedback')
        .select(['seq', 'prediction_id', 'label', 'event_time', 'arrival_time'])
        .where('project_id', '=', project.id)
        .where('endpoint', '=', endpoint)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: row.seq,
        predictionId: row.prediction_id,
        label: JSON.parse(row.label) as unknown,
        at: Math.min(Date.parse(row.event_time), Date.parse(row.arrival_time)),
      }));
    },
    /** The number of what was said last; 0 before the first. */
    lastGiven: async (endpoint: string): Promise<number> => {
      const last = await db
        .selectFrom('feedback')
        .select('seq')
        .where('project_id', '=', project.id)
        .where('endpoint', '=', endpoint)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return last?.seq ?? 0;
    },
    /** What counts of predictions of a stretch of event time, in pages. */
    labelled: async function* (endpoint: string, from: string, to: string): AsyncGenerator<LabelledPrediction> {
      for (let after = ''; ;) {
        const rows = await db
          .selectFrom('feedback')
          .selectAll()
          .where('project_id', '=', project.id)
          .where('endpoint', '=', endpoint)
          .where('prediction_time', '>=', from)
          .where('prediction_time', '<', to)
          .where('current', '=', 1)
          .where('id', '>', after)
          .orderBy('id')
          .limit(pageRows)
          .execute();
        for (const row of rows) yield labelledOf(row);
        if (rows.length < pageRows) return;
        after = rows.at(-1)!.id;
      }
    },
    /** What counts, from a number on, in the order of saying. */
    said: async (endpoint: string, after: number, limit: number): Promise<SaidFeedback[]> => {
      const rows = await db
        .selectFrom('feedback')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('endpoint', '=', endpoint)
        .where('current', '=', 1)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ seq: row.seq, feedback: fromRow(row, project.name), ...labelledOf(row) }));
    },
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
