import type { Tx } from '../../platform/index.ts';
import { amountOf } from './assessment-amount.ts';
import type { Assessment } from './trace.ts';

interface AssessmentRow {
  id: string;
  trace_id: string;
  span_id: string | null;
  name: string;
  kind: Assessment['kind'];
  value: string | null;
  created_at: number;
  is_valid: number;
  said: string;
  amount: number | null;
  body: string;
}

export const assessmentStore = (tx: Tx) => {
  const db = tx.withTables<{ assessment: AssessmentRow }>();
  return {
    /** One that is there is replaced. */
    put: async (assessment: Assessment): Promise<void> => {
      const { id, ...row } = rowOf(assessment);
      await db
        .insertInto('assessment')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute();
    },
    find: async (traceId: string, id: string): Promise<Assessment | undefined> => {
      const row = await db.selectFrom('assessment').select('body').where('trace_id', '=', traceId).where('id', '=', id).executeTakeFirst();
      return row && assessmentOf(row);
    },
    /** Whose it is, wherever that lies. */
    traceOf: async (id: string): Promise<string | undefined> =>
      (await db.selectFrom('assessment').select('trace_id').where('id', '=', id).executeTakeFirst())?.trace_id,
    of: async (traceIds: readonly string[]): Promise<Assessment[]> => {
      const rows = db.selectFrom('assessment').select('body').where('trace_id', 'in', traceIds);
      return (await rows.orderBy('created_at').orderBy('id').execute()).map(assessmentOf);
    },
    /** False where there was none. */
    remove: async (traceId: string, id: string): Promise<boolean> =>
      (await db.deleteFrom('assessment').where('trace_id', '=', traceId).where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n,
    purge: async (traceIds: readonly string[]): Promise<void> => {
      await db.deleteFrom('assessment').where('trace_id', 'in', traceIds).execute();
    },
  };
};

const rowOf = (assessment: Assessment): AssessmentRow => ({
  id: assessment.id,
  trace_id: assessment.traceId,
  span_id: assessment.spanId,
  name: assessment.name,
  kind: assessment.kind,
  value: assessment.value === null ? null : typeof assessment.value === 'string' ? assessment.value : JSON.stringify(assessment.value),
  created_at: assessment.createdAt,
  is_valid: assessment.isValid ? 1 : 0,
  said: JSON.stringify(assessment.value),
  amount: amountOf(assessment.value),
  body: JSON.stringify(assessment),
});
const assessmentOf = ({ body }: Pick<AssessmentRow, 'body'>): Assessment => JSON.parse(body) as Assessment;
