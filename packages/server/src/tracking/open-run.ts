import { AppError, type Run } from '@boucle/contract';

/** What decides whether a run still takes what is said to it. */
export interface Standing {
  readonly status: Run['status'];
  readonly deletedAt: string | null;
  readonly stepRunId: string | null;
}
export interface Amending {
  /** MLflow's clients come back to runs that have ended: theirs may be added to, and ended again. */
  readonly amend?: boolean;
}
export interface Saying extends Amending {
  readonly tagsOnly?: boolean;
}

/**
 * A run that has ended stays as it is. What a step made is a record of the step, however one asks;
 * while the step goes on its run takes everything, for a deletion must not fail a pipeline.
 */
export const requireOpen = (id: string, run: Standing, { amend = false, tagsOnly = false }: Saying = {}): void => {
  if (run.stepRunId !== null && !hasEnded(run)) return;
  requireKept(id, run);
  if (!hasEnded(run) || (amend && (tagsOnly || run.stepRunId === null))) return;
  throw runEnded(id, run);
};

/** A deleted run can be brought back, and takes nothing until then. */
export const requireKept = (id: string, { deletedAt }: Pick<Standing, 'deletedAt'>): void => {
  if (deletedAt === null) return;
  throw new AppError('failed_precondition', `The run ${id} must be in the 'active' state, and it is deleted: restore it first`, {
    reason: 'run_deleted',
    details: { runId: id },
  });
};

export const hasEnded = ({ status }: Pick<Standing, 'status'>): boolean => status !== 'running' && status !== 'scheduled';

export interface NewEnd {
  readonly status: Run['status'] | undefined;
  readonly endedAt: string | undefined;
  readonly amend: boolean;
  readonly now: Date;
}
/** Status and end that a client's word gives a run; empty where it changes nothing. */
export const newEnd = (
  id: string,
  run: Standing,
  { status = run.status, endedAt, amend, now }: NewEnd,
): { status?: Run['status']; endedAt?: string | null } => {
  if (status === run.status && endedAt === undefined) return {};
  // A client that logs into a step's run thinks it is its own, and ends it.
  if (run.stepRunId !== null && !hasEnded(run)) return {};
  requireOpen(id, run, { amend });
  return { status, endedAt: hasEnded({ status }) ? (endedAt ?? now.toISOString()) : null };
};

export const runEnded = (id: string, { status }: Pick<Standing, 'status'>): AppError =>
  new AppError('failed_precondition', `Run ${id} has ended (${status}), and stays as it is: start another run`, {
    reason: 'run_ended',
    details: { runId: id, status },
  });
