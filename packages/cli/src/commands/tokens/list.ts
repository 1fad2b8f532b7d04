import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listTokens: Verb = (command, { client, showList }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    showList(
      await listUpTo(limit, (query) => client.tokens.list({ query })),
      {
        id: ({ id }) => id,
        name: ({ name }) => name,
        of: ({ user, createdBy }) => user ?? createdBy,
        project: ({ project }) => project ?? 'all',
        may: ({ permissions }) => permissions?.join(' ') ?? 'all',
        ends: ({ expiresAt, revokedAt }) =>
          revokedAt === null ? (expiresAt === null ? '' : time(expiresAt)) : `revoked ${time(revokedAt)}`,
      },
      'No tokens. Make one with: boucle tokens create NAME',
    );
  });
