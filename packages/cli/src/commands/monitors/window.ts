import { wholeNumber } from '../../arguments.ts';
import { windowText } from '../../render/window.ts';
import type { Verb } from '../../verb.ts';

export const showWindow: Verb = (command, { client, paint, show, inProject }) =>
  command
    .argument('<window>', 'Its id, or the name of a monitor for its newest')
    .option('--at-version <n>', 'As it was in this version', wholeNumber)
    .action(async (named: string, { atVersion: version }: { atVersion?: number }) => {
      const params = await inProject();
      const isId = /^[0-9a-f]{32}$/.test(named);
      const windowId = isId ? named : (await client.monitors.get({ params: { ...params, monitor: named } })).latest?.id;
      if (windowId === undefined) {
        show(null, () => `No window of ${named} has closed yet`);
        return;
      }
      const window = await client.monitors.window({
        params: { ...params, windowId },
        query: { ...(version !== undefined && { version }) },
      });
      show(window, () => windowText(window, paint));
    });
