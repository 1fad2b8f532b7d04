import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listChannels: Verb = (command, { client, showList, inProject }) =>
  command.action(async () => {
    const { items } = await client.channels.list({ params: await inProject() });
    showList(
      { items, hasMore: false },
      {
        name: ({ name }) => name,
        kind: ({ kind }) => kind,
        to: ({ to }) => to,
        last: ({ last }) => (last ? `${last.status} ${time(last.endedAt)}` : ''),
        error: ({ last }) => last?.lastError ?? '',
      },
      'No channels. Declare some with defineChannel in boucle.config.ts, and apply.',
    );
  });
