import { Option } from 'commander';
import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly view?: 'active' | 'deleted' | 'all';
}

export const listExperiments: Verb = (command, { client, showList, inProject }) =>
  withLimit(command)
    .option('--filter <filter>', 'Only those that it is true of')
    .option('--order-by <order...>', 'By name, creation_time or last_update_time, with DESC or ASC behind it')
    .addOption(new Option('--view <view>', 'Whether deleted ones are among them').choices(['active', 'deleted', 'all']))
    .addHelpText('after', `\n  boucle experiments list --filter "tags.team = 'risk'" --order-by "last_update_time DESC"`)
    .action(async ({ limit, filter, orderBy, view }: Options) => {
      const params = await inProject();
      const asked = { ...(filter !== undefined && { filter }), ...(view && { view }), orderBy: [...(orderBy ?? ['name'])] };
      const experiments = await listUpTo(limit, (page) => client.experiments.search({ params, body: { ...page, ...asked } }));
      showList(
        experiments,
        {
          id: ({ id }) => id,
          name: ({ name, deletedAt }) => (deletedAt === null ? name : `${name}, deleted`),
          created: ({ createdAt }) => time(createdAt),
        },
        filter === undefined ? 'No experiments yet.' : 'No experiment is like that.',
      );
    });
