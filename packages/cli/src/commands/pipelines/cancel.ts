import { id } from '../../arguments.ts';
import { runSummary } from '../../render/step-lines.ts';
import type { Verb } from '../../verb.ts';

export const cancelPipelineRun: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<run>', 'The id of the run', id).action(async (pipelineRunId: string) => {
    const run = await client.pipelineRuns.cancel({ params: { ...(await inProject()), pipelineRunId } });
    // Steps that run are given the time to end.
    show(run, () =>
      run.status === 'running' ? `${paint('bold', `${run.pipeline} ${run.number}`)} is being cancelled.` : runSummary(run, paint),
    );
  });
