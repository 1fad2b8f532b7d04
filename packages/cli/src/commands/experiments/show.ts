import { experimentIdOf } from '../../experiment-of.ts';
import { metricsCell } from '../../render/metrics.ts';
import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import { facts, table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showExperiment: Verb = (command, { client, paint, show, inProject }) =>
  withLimit(command.argument('<experiment>', 'Its id or name'), 10)
    .addHelpText('after', '\n  boucle experiments show fraud')
    .action(async (said: string, { limit }: { limit: number }) => {
      const params = await inProject();
      const experimentId = await experimentIdOf(client, params, said);
      const experiment = await client.experiments.get({ params: { ...params, experimentId } });
      const { items: runs } = await listUpTo(limit, (page) =>
        client.runs.search({ params, body: { ...page, experimentIds: [experimentId] } }),
      );
      show({ ...experiment, runs }, () =>
        [
          `${paint('bold', experiment.name)}${experiment.deletedAt === null ? '' : '  deleted'}`,
          facts(
            {
              id: experiment.id,
              created: time(experiment.createdAt),
              changed: time(experiment.updatedAt),
              deleted: time(experiment.deletedAt),
              artifacts: experiment.artifactLocation,
              tags: Object.entries(experiment.tags)
                .map(([key, value]) => `${key}=${value}`)
                .join(' '),
            },
            paint,
          ),
          ...(runs.length === 0
            ? []
            : [
                '',
                table(
                  runs,
                  {
                    run: ({ id }) => id,
                    name: ({ name }) => name,
                    status: ({ status }) => status,
                    started: (run) => time(run.startedAt),
                    metrics: metricsCell,
                  },
                  paint,
                ),
              ]),
        ].join('\n'),
      );
    });
