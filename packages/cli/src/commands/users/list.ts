import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listUsers: Verb = (command, { client, showList }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    showList(
      await listUpTo(limit, (query) => client.users.list({ query })),
      { name: ({ name }) => name, admin: ({ isAdmin }) => (isAdmin ? 'yes' : ''), since: ({ createdAt }) => time(createdAt) },
      'No users: whoever is on the machine of the server is its owner.',
    );
  });
