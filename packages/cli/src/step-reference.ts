import { AppError } from '@boucle/contract';
import type { Client } from '@boucle/sdk';

/** The id of a step run, or `training.clean` for that step in the latest run of its pipeline. */
export const findStepRun = async (client: Client, params: { project: string }, reference: string): Promise<string> => {
  const [, pipeline, step] = /^(.+?)\.(.+)$/.exec(reference) ?? [];
  if (pipeline === undefined || step === undefined) return reference;
  const { items } = await client.pipelineRuns.list({ params, query: { pipeline, limit: 1 } });
  const [latest] = items;
  if (!latest)
    throw new AppError('not_found', `Pipeline ${pipeline} never ran; start it with "boucle pipelines run ${pipeline}"`, {
      reason: 'never_ran',
    });
  const { steps } = await client.pipelineRuns.get({ params: { ...params, pipelineRunId: latest.id } });
  const found = steps.find((one) => one.step === step);
  if (found) return found.id;
  throw new AppError('not_found', `${pipeline} has no step "${step}"; it has ${steps.map((one) => one.step).join(', ')}`, {
    reason: 'unknown_step',
  });
};

export const stepArgument = ['<step>', 'The id of a step run, or pipeline.step for the latest run'] as const;
