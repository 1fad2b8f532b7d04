import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listSecrets: Verb = (command, { client, showList, inProject }) =>
  command.action(async () => {
    const { items } = await client.secrets.list({ params: await inProject() });
    showList(
      { items, hasMore: false },
      { name: ({ name }) => name, source: ({ source }) => source, updated: ({ updatedAt }) => time(updatedAt) },
      'No secrets yet. Seal one with: boucle secrets set NAME',
    );
  });
