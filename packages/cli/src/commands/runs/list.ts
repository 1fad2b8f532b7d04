import { invalid, type Run } from '@boucle/contract';
import { Option } from 'commander';
import { experimentIdOf } from '../../experiment-of.ts';
import { listUpTo, withLimit } from '../../listing.ts';
import { metricsCell } from '../../render/metrics.ts';
import { time } from '../../terminal/format.ts';
import type { Columns } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly experiment?: string;
  readonly parent?: string;
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly view?: 'active' | 'deleted' | 'all';
}

const columns: Columns<Run> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  status: ({ status, deletedAt }) => (deletedAt === null ? status : `${status}, deleted`),
  started: ({ startedAt }) => time(startedAt),
  metrics: metricsCell,
};

export const listRuns: Verb = (command, { client, showList, inProject }) =>
  withLimit(command)
    .option('--experiment <experiment>', 'Of one experiment, by its id or name')
    .option('--parent <run>', 'Below one run')
    .option('--filter <filter>', 'Only those that it is true of')
    .option('--order-by <order...>', 'By a metric, param, tag or attribute, with DESC or ASC behind it')
    .addOption(new Option('--view <view>', 'Whether deleted runs are among them').choices(['active', 'deleted', 'all']))
    .addHelpText(
      'after',
      `
  boucle runs list --filter "metrics.f1 > 0.8 AND params.model = 'bert'" --order-by "metrics.f1 DESC"`,
    )
    .action(async ({ limit, experiment, parent, filter, orderBy, view }: Options) => {
      const params = await inProject();
      const experimentId = experiment === undefined ? undefined : await experimentIdOf(client, params, experiment);
      if (parent !== undefined && (filter ?? orderBy ?? view) !== undefined)
        throw invalid('--parent lists runs newest first, and goes with no filter, order or view', 'bad_options');
      const runs = await listUpTo(limit, (page) =>
        parent === undefined
          ? client.runs.search({
              params,
              body: {
                ...page,
                ...(experimentId !== undefined && { experimentIds: [experimentId] }),
                ...(filter !== undefined && { filter }),
                ...(orderBy && { orderBy: [...orderBy] }),
                ...(view && { view }),
              },
            })
          : client.runs.list({ params, query: { ...page, parentRunId: parent, ...(experimentId !== undefined && { experimentId }) } }),
      );
      showList(runs, columns, filter === undefined ? 'No runs yet.' : 'No run is like that.');
    });
