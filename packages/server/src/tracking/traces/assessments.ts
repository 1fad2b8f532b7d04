import { createHash } from 'node:crypto';
import { invalid, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import type { Clock, Db, Tx } from '../../platform/index.ts';
import { assessmentStore } from './assessment-store.ts';
import type { Assessment } from './trace.ts';

export type NewAssessment = Omit<Assessment, 'id' | 'traceId' | 'createdAt' | 'updatedAt' | 'isValid'> &
  Partial<Pick<Assessment, 'id' | 'createdAt' | 'updatedAt' | 'isValid'>>;
export type AssessmentChange = Partial<Pick<Assessment, 'name' | 'value' | 'error' | 'rationale' | 'metadata' | 'isValid'>> & {
  readonly kind?: Assessment['kind'];
};
/** What is said of a trace is held against this before. */
export type RequireTrace = (tx: Tx, project: ProjectRef, id: string) => Promise<void>;

export const createAssessments = ({ db, clock, requireTrace }: { db: Db; clock: Clock; requireTrace: RequireTrace }) => {
  const now = (): number => clock.now().getTime();
  const find = async (tx: Tx, traceId: string, id: string): Promise<Assessment> => {
    const assessment = await assessmentStore(tx).find(traceId, id);
    if (!assessment) throw notFound('assessment', id);
    return assessment;
  };
  const setValid = async (tx: Tx, { traceId, overrides }: Assessment, isValid: boolean): Promise<void> => {
    const other = overrides === null ? undefined : await assessmentStore(tx).find(traceId, overrides);
    if (other) await assessmentStore(tx).put({ ...other, isValid });
  };

  return {
    create: ({ project }: Actor, traceId: string, given: NewAssessment): Promise<Assessment> =>
      db.write(async (tx) => {
        await requireTrace(tx, project, traceId);
        const assessment = assessmentOf(traceId, given, now());
        if (assessment.overrides !== null) await find(tx, traceId, assessment.overrides);
        await requireFree(tx, assessment);
        await assessmentStore(tx).put(assessment);
        await setValid(tx, assessment, false);
        return assessment;
      }),
    get: async (project: ProjectRef, traceId: string, id: string): Promise<Assessment> => {
      await requireTrace(db.read, project, traceId);
      return find(db.read, traceId, id);
    },
    change: ({ project }: Actor, { traceId, id }: Pick<Assessment, 'traceId' | 'id'>, { kind, ...change }: AssessmentChange) =>
      db.write(async (tx) => {
        await requireTrace(tx, project, traceId);
        const before = await find(tx, traceId, id);
        if (kind !== undefined && kind !== before.kind)
          throw invalid(`The assessment ${id} is ${before.kind}, and stays that: create another for ${kind}`, 'assessment_kind', { id });
        const metadata = { ...before.metadata, ...change.metadata };
        const after: Assessment = { ...before, ...change, metadata, updatedAt: now() };
        await assessmentStore(tx).put(after);
        return after;
      }),
    /** One that it stood for is in force again. */
    remove: ({ project }: Actor, traceId: string, id: string): Promise<void> =>
      db.write(async (tx) => {
        await requireTrace(tx, project, traceId);
        const gone = await assessmentStore(tx).find(traceId, id);
        if (!gone) throw notFound('assessment', id);
        await assessmentStore(tx).remove(traceId, id);
        await setValid(tx, gone, true);
      }),
  };
};

/** The same said twice, as by a client that got no answer, is one: the id is drawn from what is said, and when. */
export const assessmentOf = (traceId: string, given: NewAssessment, now: number): Assessment => {
  const { id, createdAt = now, updatedAt = createdAt, isValid = true, ...said } = given;
  const drawn = createHash('sha256')
    .update(JSON.stringify([traceId, createdAt, said]))
    .digest('hex')
    .slice(0, 32);
  return { ...said, id: id ?? `a-${drawn}`, traceId, createdAt, updatedAt, isValid };
};

/** Ids are a client's to say, and must not reach into another trace. */
export const requireFree = async (tx: Tx, { id, traceId }: Assessment): Promise<void> => {
  const owner = await assessmentStore(tx).traceOf(id);
  if (owner !== undefined && owner !== traceId)
    throw invalid(`The assessment ${id} is of another trace: leave its id out`, 'assessment_taken', { id });
};
