import { AppError, invalid } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

/** The id of a step run, or `training.clean` for that step as it last ran. */
export const findStepRun = async (client: Client, params: { project: string }, reference: string): Promise<string> => {
  const [, pipeline, step] = /^(.+?)\.(.+)$/.exec(reference) ?? [];
  if (pipeline === undefined || step === undefined) {
    if (/^[0-9a-f]{32}$/.test(reference)) return reference;
    throw invalid(`"${reference}" names no step run; give its id, or pipeline.step`, 'bad_step_reference');
  }
  const { items: runs } = await client.pipelineRuns.list({ params, query: { pipeline, limit: 10 } });
  if (runs.length === 0)
    throw new AppError('not_found', `Pipeline ${pipeline} never ran; start it with "boucle pipelines run ${pipeline}"`, {
      reason: 'never_ran',
    });
  const known = new Set<string>();
  // A run that only reproduces one step lacks the others.
  for (const { id } of runs) {
    const { steps } = await client.pipelineRuns.get({ params: { ...params, pipelineRunId: id } });
    const found = steps.find((one) => one.step === step);
    if (found) return found.id;
    for (const one of steps) known.add(one.step);
  }
  throw new AppError('not_found', `${pipeline} has no step "${step}"; it has ${[...known].join(', ')}`, { reason: 'unknown_step' });
};

export const stepArgument = ['<step>', 'The id of a step run, or pipeline.step for the latest run of it'] as const;
