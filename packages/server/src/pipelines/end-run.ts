import { AppError } from '@boucle/contract';
import { type ProjectRef, systemActor } from '../governance/index.ts';
import type { RunEnd } from '../tracking/index.ts';
import type { Conducting } from './turn.ts';

/** Ends the Run of a step or of a pipeline run. One that a person ended by hand meanwhile stays as they ended it. */
export const endRun = async (runs: Conducting['runs'], project: ProjectRef, { id, ...end }: RunEnd & { id: string }): Promise<void> => {
  try {
    await runs.end(systemActor(project), id, end);
  } catch (error) {
    if (!(error instanceof AppError && error.reason === 'run_ended')) throw error;
  }
};
