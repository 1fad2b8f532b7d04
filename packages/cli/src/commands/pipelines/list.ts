import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listPipelines: Verb = (command, { client, showList, inProject }) =>
  command.action(async () => {
    const { items } = await client.pipelines.list({ params: await inProject() });
    showList(
      { items, hasMore: false },
      {
        name: ({ name }) => name,
        steps: ({ plan }) => plan.steps.map(({ id }) => id).join(' → '),
        'last run': ({ lastRun }) => (lastRun ? `${lastRun.number} ${lastRun.status}` : 'none'),
        started: ({ lastRun }) => time(lastRun?.startedAt ?? null),
      },
      'The project has no pipelines.',
    );
  });
