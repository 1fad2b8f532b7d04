import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listModels: Verb = (command, { client, showList, inProject }) =>
  withLimit(command)
    .option('--filter <filter>', 'Only those that it is true of')
    .addHelpText('after', `\n  boucle models list --filter "name LIKE 'fraud%' AND tags.team = 'risk'"`)
    .action(async ({ limit, filter }: { limit: number; filter?: string }) => {
      const params = await inProject();
      const models = await listUpTo(limit, (page) =>
        filter === undefined ? client.models.list({ params, query: page }) : client.models.search({ params, body: { ...page, filter } }),
      );
      showList(
        models,
        {
          name: ({ name }) => name,
          'latest version': ({ latest }) => latest,
          aliases: ({ aliases }) =>
            Object.entries(aliases)
              .map(([alias, number]) => `${alias} → ${number}`)
              .join(', '),
          created: ({ createdAt }) => time(createdAt),
        },
        filter === undefined ? 'No models yet. A pipeline registers them, with the step "register".' : 'No model is like that.',
      );
    });
