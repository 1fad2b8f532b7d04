import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@boucle/sdk';
import { leapingClock, loadConfig, startServer } from '@boucle/server';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '@boucle/server/testing/small-project';

const params = { project };
const endpoint = 'texts';
const monitor = {
  name: 'watch',
  endpoint,
  windows: { every: '1h', lateness: '5m' },
  drift: { columns: ['text', 'prediction', 'confidence'], falseAlarms: '1 a month' },
  alerts: [{ name: 'any', count: {}, above: 0, within: '365d', notify: [] }],
};
const kpis = { fast: { metric: 'latency_p95_ms', target: { atMost: 60_000 }, because: 'a test' } };

/** A server with a model that answers, a monitor with a closed window and an alert, and a rollout under way: what `/metrics` says of it. */
export const scrapeWatchedServer = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-ops-'));
  const clock = leapingClock(new Date('2026-01-01T00:30:00Z'));
  const flags = { data: path.join(folder, 'data'), port: 0, logLevel: 'silent' };
  const server = await startServer(await loadConfig({ env: {}, flags }), { clock });
  try {
    const client = createClient({ baseUrl: server.address });
    await deploy(client, path.join(folder, 'project'));
    const policy = { canary: { shares: [0.5] }, lateness: '0s' };
    const { id } = await client.rollouts.start({ params: { ...params, endpoint }, body: { model: 'texts/2', policy } });
    await until(async () => (await client.rollouts.get({ params: { ...params, rolloutId: id } })).rollout.stage === 'canary');
    // A window that closes before all of its labels were read says nothing of performance; then a later one does.
    for (let hour = 0; hour < 10; hour += 1) {
      const predictions = await askAll(server.address);
      await client.feedback.give({ params, body: { items: predictions.map((predictionId) => ({ predictionId, label: 'good' })) } });
      // The first window ends at one o'clock and waits five minutes for what comes late.
      await clock.leap((hour === 0 ? 40 : 60) * 60_000);
      const said = await saidSoon(server.address);
      if (said !== undefined) return said;
    }
    const said = await (await fetch(`${server.address}/metrics`)).text();
    throw new Error(`Nothing is told of ${expected.filter((name) => !said.includes(name)).join(', ')}`);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
};

const expected = ['boucle_performance{', 'boucle_alerts_firing{', 'boucle_rollout_log_e{'];
const saidSoon = async (address: string): Promise<string | undefined> => {
  for (const end = performance.now() + 15_000; performance.now() < end; await sleep(200)) {
    const said = await (await fetch(`${address}/metrics`)).text();
    if (expected.every((name) => said.includes(name))) return said;
  }
  return undefined;
};

const deploy = async (client: Client, folder: string): Promise<void> => {
  await writeProject(folder);
  await applyProject(client, folder);
  // An evaluation of fewer rows calibrates nothing, and nothing is estimated.
  await addExamples(client, examples(400));
  for (const seed of [7, 8]) await runPipeline(client, 'training', { params: { seed } });
  await client.endpoints.deploy({ params: { ...params, endpoint }, body: { model: 'texts/1' } });
  const { manifest } = await client.manifests.current({ params });
  await client.manifests.apply({ params, body: { manifest: { ...manifest, kpis, monitors: [monitor] } } });
};

/** A request for each person, so that both variants are asked. */
const askAll = async (address: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let person = 0; person < 120; person += 1) {
    const data = [`flight ${person} was ${person % 2 ? 'late' : 'early'} and ${person % 3 ? 'kind' : 'rude'}`];
    const answer = await fetch(`${address}/v2/models/${endpoint}/infer`, {
      method: 'POST',
      headers: { 'boucle-project': project, 'boucle-unit': `person-${person}` },
      body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data }] }),
    });
    ids.push(`${answer.headers.get('x-boucle-request-id')}.0`);
  }
  return ids;
};

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await sleep(200);
};
