import { listUpTo, withLimit } from '../../listing.ts';
import { stageText, versionText } from '../../render/rollout.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listRollouts: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('[endpoint]', 'The rollouts of one endpoint only')).action(
    async (endpoint: string | undefined, { limit }: { limit: number }) => {
      const params = await inProject();
      const rollouts = await listUpTo(limit, (page) =>
        client.rollouts.list({ params, query: { ...page, ...(endpoint !== undefined && { endpoint }) } }),
      );
      showList(
        rollouts,
        {
          id: ({ id }) => id,
          rollout: (rollout) => `${rollout.endpoint} ${rollout.number}`,
          kind: ({ kind }) => kind,
          candidate: ({ candidate }) => versionText(candidate),
          baseline: ({ baseline }) => baseline && versionText(baseline),
          stands: stageText,
          started: ({ startedAt }) => time(startedAt),
        },
        'No rollouts yet. Start one with: boucle rollouts start ENDPOINT',
      );
    },
  );
