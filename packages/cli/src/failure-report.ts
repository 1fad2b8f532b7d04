import type { PipelineRun, StepRun } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import type { Context } from './context.ts';

const tailLines = 15;

/** Of each step that failed: what happened, where, the end of its log, and how to look closer. */
export const failureReport = async (run: PipelineRun, { client, paint }: Pick<Context, 'client' | 'paint'>): Promise<string> => {
  const failed = run.steps.filter(({ status }) => status === 'failed' || status === 'lost');
  const reports = failed.map(async (step) => {
    const tail = await logTail(client, step);
    return [
      '',
      `${paint('red', `${run.pipeline}.${step.step} failed`)}${step.failure ? `: ${step.failure.message}` : ''}`,
      ...(step.failure?.where ? [`  at ${step.failure.where}`] : []),
      ...(tail.length > 0 ? ['  The end of its log:', ...tail.map((line) => paint('dim', `    ${line}`))] : []),
      `  All of it: boucle steps log ${step.id}`,
    ].join('\n');
  });
  return (await Promise.all(reports)).join('\n');
};

/** The last lines of a log; of a long one only its last pieces are kept in memory. */
const logTail = async (client: Client, { project, id }: StepRun): Promise<string[]> => {
  let text = '';
  for await (const piece of readLog(client, { project, stepRunId: id })) text = (text + piece).slice(-20_000);
  return text.split('\n').filter(Boolean).slice(-tailLines);
};

/** What is in the log by now. */
export async function* readLog(
  client: Client,
  params: { project: string; stepRunId: string },
  { attempt, offset: start = 0 }: { attempt?: number; offset?: number } = {},
): AsyncGenerator<string, { offset: number; complete: boolean }> {
  for (let offset = start; ;) {
    const page = await client.stepRuns.log({ params, query: { offset, limit: 1 << 20, ...(attempt !== undefined && { attempt }) } });
    if (page.text !== '') yield page.text;
    if (page.nextOffset === offset) return { offset, complete: page.complete };
    offset = page.nextOffset;
  }
}
