import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from '@boucle/contract';
import { ApiError, type Client } from '@boucle/sdk';
import { id } from '../../arguments.ts';
import { measure } from '../../terminal/format.ts';
import { createLiveBlock } from '../../terminal/live-block.ts';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

const lookMs = 1000;
const isOver = ({ status }: Run): boolean => status !== 'running' && status !== 'scheduled';

export const watchRun: Verb = (command, { client, io, json, paint, show, inProject }) =>
  command
    .argument('<run>', 'The id of the run', id)
    .addHelpText('after', '\nIt ends when the run does. Elsewhere than on a terminal, a line is printed for each metric that moved.')
    .action(async (runId: string) => {
      const params = { ...(await inProject()), runId };
      const block = createLiveBlock(io.stderr);
      let run = await client.runs.get({ params });
      let seen: Run['metrics'] = {};
      for (;;) {
        const moved = Object.entries(run.metrics).filter(([key, value]) => seen[key] !== value);
        seen = run.metrics;
        block.draw([`${run.name}  ${run.status}`, ...Object.entries(run.metrics).map(([key, value]) => `  ${key}  ${measure(value)}`)]);
        if (!io.stderr.isTTY && !json) for (const [key, value] of moved) io.stderr.write(`${key} ${measure(value)}\n`);
        if (isOver(run)) break;
        await pause(lookMs);
        run = (await lookAgain(client, params)) ?? run;
      }
      block.clear();
      show(run, () => {
        const metrics = Object.entries(run.metrics);
        const head = `${paint('bold', run.name)}  ${run.status}`;
        return metrics.length === 0
          ? head
          : `${head}\n${table(metrics, { metric: ([key]) => key, 'last value': ([, last]) => measure(last) }, paint)}`;
      });
    });

/** Undefined while the server is away: the run may go on without it. */
const lookAgain = async (client: Client, params: { project: string; runId: string }): Promise<Run | undefined> => {
  try {
    return await client.runs.get({ params });
  } catch (error) {
    if (error instanceof ApiError && error.code !== 'unavailable' && error.code !== 'rate_limited') throw error;
    return undefined;
  }
};
