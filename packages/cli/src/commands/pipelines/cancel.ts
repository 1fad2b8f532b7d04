import { id } from '../../arguments.ts';
import { runSummary } from '../../render/step-lines.ts';
import type { Verb } from '../../verb.ts';

export const cancelPipelineRun: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<run>', 'The id of the run', id).action(async (pipelineRunId: string) => {
    const run = await client.pipelineRuns.cancel({ params: { ...(await inProject()), pipelineRunId } });
    show(run, () => runSummary(run, paint));
  });
