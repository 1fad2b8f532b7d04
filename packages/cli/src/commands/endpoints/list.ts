import { listUpTo, withLimit } from '../../listing.ts';
import { servedText } from '../../render/deployment.ts';
import type { Verb } from '../../verb.ts';

export const listEndpoints: Verb = (command, { client, showList, inProject }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    const params = await inProject();
    const endpoints = await listUpTo(limit, (query) => client.endpoints.list({ params, query }));
    showList(
      endpoints,
      {
        name: ({ name }) => name,
        environment: ({ environment }) => environment,
        serves: ({ deployment }) => (deployment ? servedText(deployment) : ''),
        state: ({ deployment }) => deployment?.status ?? 'nothing deployed',
      },
      'No endpoints yet. Make one with: boucle deploy NAME --model MODEL@ALIAS',
    );
  });
