import { stretch, verdictText } from '../../render/window.ts';
import type { Verb } from '../../verb.ts';

export const listMonitors: Verb = (command, { client, showList, inProject }) =>
  command.action(async () => {
    const { items } = await client.monitors.list({ params: await inProject() });
    showList(
      { items, hasMore: false },
      {
        name: ({ name }) => name,
        endpoint: ({ endpoint }) => endpoint,
        state: ({ state, message }) => (message === null ? state : `${state}: ${message}`),
        'latest window': ({ latest }) => (latest ? stretch(latest) : 'none yet'),
        found: ({ latest }) => (latest ? verdictText(latest) : ''),
      },
      'No monitors yet. Declare one with defineMonitor in boucle.config.ts, then: boucle apply',
    );
  });
