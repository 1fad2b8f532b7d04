import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listDatasets: Verb = (command, { client, showList, inProject }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    const params = await inProject();
    const datasets = await listUpTo(limit, (query) => client.datasets.list({ params, query }));
    showList(
      datasets,
      {
        name: ({ name }) => name,
        'latest version': ({ latest }) => latest,
        created: ({ createdAt }) => time(createdAt),
      },
      'No datasets yet. Add one with: boucle datasets add NAME FILE',
    );
  });
