import { setTimeout as pause } from 'node:timers/promises';
import type { PipelineRun, StepRun } from '@boucle/contract';
import { ApiError, type Client } from '@boucle/sdk';
import type { Context } from './context.ts';
import type { Io } from './io.ts';
import { stepLine, stepLines, stepWidth } from './render/step-lines.ts';
import { createLiveBlock } from './terminal/live-block.ts';
import { paintFor } from './terminal/paint.ts';

interface Following {
  readonly client: Client;
  readonly project: string;
  readonly io: Io;
  readonly signal?: AbortSignal;
}

/** Draws a pipeline run as it goes, and answers with it once it ended or the signal came. Plain output gets a line for each change. */
export const followRun = async ({ client, project, io, signal }: Following, started: PipelineRun): Promise<PipelineRun> => {
  const paint = paintFor(io.stderr);
  const block = createLiveBlock(io.stderr);
  const seen = new Map<string, string>();
  let run = started;
  for (;;) {
    const now = new Date().toISOString();
    const width = stepWidth(run);
    block.draw(stepLines(run, now, paint));
    if (!io.stderr.isTTY) {
      for (const step of newlySettled(run.steps, seen)) io.stderr.write(`${stepLine(step, { width, now }, paint)}\n`);
    }
    if (run.status !== 'running' || signal?.aborted) break;
    await pause(200, undefined, signal ? { signal } : {}).catch(() => {});
    run = (await readRun(client, { project, pipelineRunId: run.id })) ?? run;
  }
  block.clear();
  if (io.stderr.isTTY) io.stderr.write(`${stepLines(run, new Date().toISOString(), paint).join('\n')}\n`);
  return run;
};

/** The same, until Ctrl-C: then it says how to look and how to cancel, and answers with nothing. */
export const followHere = async ({ client, io, note }: Context, started: PipelineRun): Promise<PipelineRun | undefined> => {
  const stop = new AbortController();
  const detach = (): void => stop.abort();
  process.once('SIGINT', detach);
  const run = await followRun({ client, project: started.project, io, signal: stop.signal }, started);
  process.off('SIGINT', detach);
  if (run.status !== 'running') return run;
  note(`It goes on without you. Look: boucle pipelines show ${run.id}\nEnd it: boucle pipelines cancel ${run.id}`);
  return undefined;
};

/** Steps that began or ended since the last look; waiting is no news. */
const newlySettled = (steps: readonly StepRun[], seen: Map<string, string>): StepRun[] =>
  steps.filter(({ id, status, attempt }) => {
    const state = `${status} ${attempt}`;
    const isNews = seen.get(id) !== state && status !== 'waiting' && status !== 'queued';
    seen.set(id, state);
    return isNews;
  });

/** Undefined while the server is away: it takes the run up again when it comes back. */
const readRun = async (client: Client, params: { project: string; pipelineRunId: string }): Promise<PipelineRun | undefined> => {
  try {
    return await client.pipelineRuns.get({ params });
  } catch (error) {
    if (error instanceof ApiError && error.code !== 'unavailable' && error.code !== 'rate_limited') throw error;
    return undefined;
  }
};
