import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listApprovals: Verb = (command, { client, showList, inProject }) =>
  withLimit(command)
    .option('--all', 'Those that have ended, too')
    .action(async ({ limit, all }: { limit: number; all?: true }) => {
      const params = await inProject();
      const approvals = await listUpTo(limit, (page) =>
        client.approvals.list({ params, query: { ...page, ...(!all && { status: 'open' as const }) } }),
      );
      showList(
        approvals,
        {
          id: ({ id }) => id,
          about: ({ message }) => message,
          status: ({ status }) => status,
          given: ({ given, needed }) => `${given} of ${needed}`,
          by: ({ votes }) => votes.map(({ by, approve }) => (approve ? by : `${by} refused`)).join(', '),
          asked: ({ askedAt, askedBy }) => `${time(askedAt)} by ${askedBy}`,
        },
        'Nothing waits for anybody to agree.',
      );
    });
