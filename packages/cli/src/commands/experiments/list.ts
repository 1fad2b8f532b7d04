import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listExperiments: Verb = (command, { client, showList, inProject }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    const params = await inProject();
    const experiments = await listUpTo(limit, (query) => client.experiments.list({ params, query }));
    showList(
      experiments,
      { id: ({ id }) => id, name: ({ name }) => name, created: ({ createdAt }) => time(createdAt) },
      'No experiments yet.',
    );
  });
