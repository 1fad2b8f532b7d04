import { setTimeout as sleep } from 'node:timers/promises';
import type { DeclaredMonitor } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { project } from '../../src/testing/small-project.ts';

export const monitor = 'watch';
const params = { project };

/** Watches an endpoint in short windows until one more has closed, and then in such long ones that nothing happens by itself. */
export const closeWindow = async (client: Client, endpoint: string): Promise<string> => {
  const { manifest } = await client.manifests.current({ params });
  const watchedEvery = async (every: string): Promise<void> => {
    const declared: DeclaredMonitor = { name: monitor, endpoint, windows: { every, lateness: '1ms' } };
    const others = manifest.monitors.filter(({ name }) => name !== monitor);
    await client.manifests.apply({ params, body: { manifest: { ...manifest, monitors: [...others, declared] } } });
  };
  const ids = async (): Promise<string[]> =>
    (await client.monitors.windows({ params: { ...params, monitor }, query: { limit: 500 } })).items.map(({ id }) => id);
  await watchedEvery('365d');
  const before = new Set(await ids());
  await watchedEvery('1s');
  for (;;) {
    const found = (await ids()).find((id) => !before.has(id));
    if (found !== undefined) {
      await watchedEvery('365d');
      return found;
    }
    await sleep(50);
  }
};
