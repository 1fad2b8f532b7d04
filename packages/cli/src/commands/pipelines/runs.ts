import { listUpTo, withLimit } from '../../listing.ts';
import { between, seconds, time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listPipelineRuns: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('[pipeline]', 'The runs of one pipeline only')).action(
    async (pipeline: string | undefined, { limit }: { limit: number }) => {
      const params = await inProject();
      const runs = await listUpTo(limit, (page) =>
        client.pipelineRuns.list({ params, query: { ...page, ...(pipeline !== undefined && { pipeline }) } }),
      );
      showList(
        runs,
        {
          id: ({ id }) => id,
          pipeline: (run) => `${run.pipeline} ${run.number}`,
          status: ({ status }) => status,
          started: ({ startedAt }) => time(startedAt),
          took: ({ startedAt, endedAt }) => {
            const took = between(startedAt, endedAt);
            return took === null ? '' : seconds(took);
          },
        },
        'No runs yet. Start one with: boucle pipelines run NAME',
      );
    },
  );
