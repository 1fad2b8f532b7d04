import { listUpTo, withLimit } from '../../listing.ts';
import { measure, time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly experiment?: string;
  readonly parent?: string;
}

export const listRuns: Verb = (command, { client, showList, inProject }) =>
  withLimit(command)
    .option('--experiment <id>', 'Of one experiment')
    .option('--parent <run>', 'Below one run')
    .action(async ({ limit, experiment, parent }: Options) => {
      const params = await inProject();
      const filter = {
        ...(experiment !== undefined && { experimentId: experiment }),
        ...(parent !== undefined && { parentRunId: parent }),
      };
      const runs = await listUpTo(limit, (page) => client.runs.list({ params, query: { ...page, ...filter } }));
      showList(
        runs,
        {
          id: ({ id }) => id,
          name: ({ name }) => name,
          status: ({ status }) => status,
          started: ({ startedAt }) => time(startedAt),
          metrics: ({ metrics }) =>
            Object.entries(metrics)
              .slice(0, 4)
              .map(([key, last]) => `${key}=${measure(last)}`)
              .join(' '),
        },
        'No runs yet.',
      );
    });
