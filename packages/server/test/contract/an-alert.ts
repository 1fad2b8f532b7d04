import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert, DeclaredChannel, DeclaredMonitor } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { project } from '../../src/testing/small-project.ts';

const params = { project };
/** Leads into this machine, where no call may go: what is sent to it fails at once. */
export const channel: DeclaredChannel = { name: 'desk', kind: 'webhook', url: 'http://127.0.0.1:9/hook' };
const alarm = (endpoint: string): DeclaredMonitor => ({
  name: 'alarm',
  endpoint,
  alerts: [{ name: 'each text', count: {}, above: 0, within: '365d', groupBy: ['text'], notify: ['desk'] }],
});
/** A new one each time, of alerts that nobody raises. */
export const aSilence = (): Parameters<Client['silences']['create']>[0] => ({
  params,
  body: { matchers: [{ name: 'alertname', value: 'nothing' }], until: '2126-01-01T00:00:00.000Z', comment: `quiet ${++asked}` },
});
let asked = 0;

/** Asks something new of an endpoint whose every text is alarming, and waits for the alert. */
export const raiseAlert = async (client: Client, address: string, endpoint: string): Promise<Alert> => {
  const { manifest } = await client.manifests.current({ params });
  if (!manifest.monitors.some(({ name }) => name === 'alarm')) {
    const watched = { ...manifest, monitors: [...manifest.monitors, alarm(endpoint)], channels: [channel] };
    await client.manifests.apply({ params, body: { manifest: watched } });
  }
  const text = `flight ${++asked} is alarming`;
  await fetch(`${address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] }),
  });
  for (;;) {
    const { items } = await client.alerts.list({ params, query: {} });
    const alert = items.find(({ group }) => group['text'] === text);
    if (alert) return alert;
    await sleep(50);
  }
};

/** Raises one by a rule of its own, and takes the rule away. */
export const endAlert = async (client: Client, address: string, endpoint: string): Promise<string> => {
  const { manifest } = await client.manifests.current({ params });
  const passing: DeclaredMonitor = { ...alarm(endpoint), name: `passing-${++asked}` };
  await client.manifests.apply({ params, body: { manifest: { ...manifest, monitors: [...manifest.monitors, passing] } } });
  await raiseAlert(client, address, endpoint);
  const ofPassing = async () => (await client.alerts.list({ params, query: { monitor: passing.name } })).items;
  let alert: Alert | undefined;
  while (!(alert = (await ofPassing())[0])) await sleep(50);
  await client.manifests.apply({ params, body: { manifest } });
  while ((await client.alerts.get({ params: { project, alertId: alert.id } })).status === 'firing') await sleep(50);
  return alert.id;
};
