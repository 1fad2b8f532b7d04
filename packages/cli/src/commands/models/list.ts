import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listModels: Verb = (command, { client, showList, inProject }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    const params = await inProject();
    const models = await listUpTo(limit, (query) => client.models.list({ params, query }));
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
      'No models yet. A pipeline registers them, with the step "register".',
    );
  });
