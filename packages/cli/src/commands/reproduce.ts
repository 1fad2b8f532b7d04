import { randomUUID } from 'node:crypto';
import { AppError } from '@boucle/contract';
import { id } from '../arguments.ts';
import { failureReport } from '../failure-report.ts';
import { followHere } from '../follow-run.ts';
import { reproductionReport } from '../render/reproduction.ts';
import type { Verb } from '../verb.ts';

export const reproduce: Verb = (command, context) =>
  command.argument('<run>', 'The id of the run', id).action(async (runId: string) => {
    const { client, paint, show, note, inProject, endWith } = context;
    const params = { ...(await inProject()), runId };
    const { pipelineRunId } = await client.runs.reproduce({ params }, { idempotencyKey: randomUUID() });
    const started = await client.pipelineRuns.get({ params: { project: params.project, pipelineRunId } });
    const run = await followHere(context, started);
    if (!run) return endWith(130);
    if (run.status === 'failed') note(await failureReport(run, context));
    const reproduction = await client.runs.reproduction({ params: { ...params, pipelineRunId } });
    if (reproduction.state === 'running')
      throw new AppError('unavailable', `Pipeline run ${pipelineRunId} has not settled yet; ask again`, { reason: 'still_running' });
    show(reproduction, () => reproductionReport(reproduction, paint));
    if (reproduction.state !== 'equal') endWith(1);
  });
