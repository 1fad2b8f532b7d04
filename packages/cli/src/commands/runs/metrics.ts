import { id } from '../../arguments.ts';
import { listUpTo, withLimit } from '../../listing.ts';
import { measure, time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listMetric: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('<run>', 'The id of the run', id).argument('<key>', 'The name of the metric'), 1000).action(
    async (runId: string, key: string, { limit }: { limit: number }) => {
      const params = { ...(await inProject()), runId };
      const points = await listUpTo(limit, (page) => client.runs.history({ params, query: { ...page, key } }));
      showList(
        points,
        { step: ({ step }) => step, value: ({ value }) => measure(value), time: (point) => time(new Date(point.time).toISOString()) },
        `The run has no metric "${key}".`,
      );
    },
  );
