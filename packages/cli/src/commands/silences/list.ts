import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listSilences: Verb = (command, { client, showList, inProject }) =>
  withLimit(command, 20).action(async ({ limit }: { limit: number }) => {
    const params = await inProject();
    const silences = await listUpTo(limit, (query) => client.silences.list({ params, query }));
    showList(
      silences,
      {
        id: ({ id }) => id,
        status: ({ status }) => status,
        matches: ({ matchers }) => matchers.map(({ name, value, isEqual = true }) => `${name}${isEqual ? '=' : '!='}${value}`).join(' '),
        from: ({ from }) => time(from),
        until: ({ until }) => time(until),
        by: ({ createdBy }) => createdBy,
        comment: ({ comment }) => comment,
      },
      'No silences.',
    );
  });
