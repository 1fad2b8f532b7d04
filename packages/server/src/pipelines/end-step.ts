import type { Failure } from '@boucle/contract';
import type { Events, Tx } from '../platform/index.ts';
import { isTerminal } from './step.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import { type Turn, aboutStep } from './turn.ts';

type About = Pick<Turn, 'run' | 'project' | 'row'>;
type Ended = Partial<StepRunRow> & Pick<StepRunRow, 'status'>;

/** Moves a step run to where it ended, for good or until its next attempt, and tells of it. False where somebody was quicker. */
export const endStep = async (
  tx: Tx,
  { events, at, by = 'system' }: { events: Events; at: Date; by?: string },
  { about, change }: { about: About; change: Ended },
): Promise<boolean> => {
  const { run, row } = about;
  const { status, failure, started_at = row.started_at } = change;
  const hasEnded = isTerminal(status);
  if (!(await stepRunStore(tx).move(row, { ...change, ...(hasEnded && { ended_at: at.toISOString() }) }))) return false;
  await events.record(tx, {
    ...aboutStep(about),
    actor: by,
    type: 'step_run.ended',
    data: {
      pipelineRunId: run.id,
      step: row.step,
      status,
      seconds: started_at === null ? null : (at.getTime() - Date.parse(started_at)) / 1000,
      ...(failure && { message: hasEnded ? failure.message : `${failure.message}; it is tried again` }),
    },
  });
  return true;
};

/** What becomes of a step run that was not begun, and will not be. */
export const cancelledBecause = (message: string, reason: string): Ended => {
  const failure: Failure = { kind: 'cancelled', retryable: false, message, reason };
  return { status: 'cancelled', failure };
};
