import { monitor } from '../a-window.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const monitorRefusals = ({ client }: Stage): RefusalsOf<'monitors'> => {
  const params = { project, monitor };
  const unknown = { project, monitor: 'unknown' };
  return {
    monitors: {
      list: {},
      get: { not_found: [undefined, () => client.monitors.get({ params: unknown })] },
      windows: {
        invalid_request: ['unknown_cursor', () => client.monitors.windows({ params, query: badCursor })],
        not_found: [undefined, () => client.monitors.windows({ params: unknown, query: {} })],
      },
      window: { not_found: [undefined, () => client.monitors.window({ params: { project, windowId: absent }, query: {} })] },
      performance: { not_found: [undefined, () => client.monitors.performance({ params: unknown, query: {} })] },
    },
  };
};
