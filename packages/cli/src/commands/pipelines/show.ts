import { id } from '../../arguments.ts';
import { failureReport } from '../../failure-report.ts';
import { runSummary, stepLine, stepWidth } from '../../render/step-lines.ts';
import { time, value } from '../../terminal/format.ts';
import { facts } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showPipelineRun: Verb = (command, context) =>
  command.argument('<run>', 'The id of the run', id).action(async (pipelineRunId: string) => {
    const { client, paint, show, inProject } = context;
    const run = await client.pipelineRuns.get({ params: { ...(await inProject()), pipelineRunId } });
    const failures = run.status === 'failed' ? await failureReport(run, context) : '';
    const now = new Date().toISOString();
    show(run, () =>
      [
        runSummary(run, paint),
        facts(
          {
            started: `${time(run.startedAt)} by ${run.startedBy}`,
            inputs: Object.entries(run.inputs)
              .map(([name, { dataset, number }]) => `${name}=${dataset}@${number}`)
              .join(', '),
            params: Object.entries(run.params)
              .map(([name, given]) => `${name}=${value(given)}`)
              .join(', '),
            story: run.correlationId,
          },
          paint,
        ),
        ...run.steps.map((step) => `${stepLine(step, { width: stepWidth(run), now }, paint)}  ${paint('dim', step.id)}`),
        ...(failures ? [failures] : []),
      ].join('\n'),
    );
  });
