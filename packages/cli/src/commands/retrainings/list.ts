import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listRetrainings: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('[monitor]', 'Of one monitor only')).action(
    async (monitor: string | undefined, { limit }: { limit: number }) => {
      const params = await inProject();
      const found = await listUpTo(limit, (page) =>
        client.retrainings.list({ params, query: { ...page, ...(monitor !== undefined && { monitor }) } }),
      );
      showList(
        found,
        {
          id: ({ id }) => id,
          monitor: (one) => one.monitor,
          because: ({ because }) => because,
          status: ({ status }) => status,
          rows: ({ rows }) => rows?.added ?? '',
          version: ({ version }) => (version ? `${version.model}/${version.number}` : ''),
          asked: ({ askedAt }) => time(askedAt),
          why: ({ message }) => message ?? '',
        },
        'Nothing was ever retrained.',
      );
    },
  );
