import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert, Notification } from '@boucle/contract';
import { createRandom } from '@boucle/project/runner';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, startServer, tempFolder } from './start-server.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
/** A few in the suite; ALERT_ROUNDS=50 for a long look. */
const rounds = Number(process.env['ALERT_ROUNDS'] ?? 3);
const params = { project };

interface Received {
  readonly key: string;
  readonly attempt: number;
  readonly alertId: string;
  readonly status: string;
}
/** Takes its time with each message, so that the server dies in the midst of some. */
const receiver = async (t: TestContext, random: () => number) => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as { status: string; alerts: { annotations: { alert_id: string } }[] };
    const { 'idempotency-key': key, 'boucle-attempt': attempt } = request.headers;
    received.push({ key: String(key), attempt: Number(attempt), alertId: body.alerts[0]!.annotations.alert_id, status: body.status });
    setTimeout(() => response.end('ok'), random() * 40);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
};

test(`a server killed ${rounds} times while it alerts fires each alert once, and loses no message`, async (t) => {
  t.diagnostic(`LIFE_SEED=${seed}`);
  const random = createRandom(seed);
  const desk = await receiver(t, random);
  const data = path.join(await tempFolder(t), 'data');
  const folder = path.join(await tempFolder(t), 'project');
  const start = () => startServer(t, data, ['--allow-calls', `127.0.0.1:${desk.port}`]);
  let server = await start();
  await writeProject(folder);
  await prepare(server, folder, desk.port);

  const answered: string[] = [];
  let asked = 0;
  for (let round = 0; round < rounds; round += 1) {
    while (!(await fetch(`${server.address}/v2/health/ready`)).ok) await sleep(10);
    const { address, kill } = server;
    let isKilled = false;
    const asking = (async () => {
      while (!isKilled) {
        const about = `flight ${(asked += 1)} was late`;
        const ok = await ask(address, about).catch((error: unknown) => {
          if (!isKilled) throw error;
          return false;
        });
        if (ok) answered.push(about);
        // No more groups in all than a rule keeps apart.
        await sleep(Math.max(15, rounds * 2));
      }
    })();
    // News of answers comes once a second, and alerts behind it: some deaths fall before, some after, some between.
    await sleep(300 + random() * 1500);
    isKilled = true;
    await kill();
    await asking;
    server = await start();
  }

  const { client } = server;
  const all = async () => ({
    alerts: await pages<Alert>((query) => client.alerts.list({ params, query })),
    messages: await pages<Notification>((query) => client.notifications.list({ params, query })),
  });
  const isDone = ({ alerts, messages }: Awaited<ReturnType<typeof all>>): boolean => {
    const told = new Set(alerts.map(({ group }) => group['text']));
    return answered.every((about) => told.has(about)) && messages.every(({ status }) => status === 'sent');
  };
  let found = await all();
  for (const end = Date.now() + 60_000; !isDone(found) && Date.now() < end; found = await all()) await sleep(200);
  assert.ok(isDone(found), 'an alert is missing, or a message');

  const { alerts, messages } = found;
  assert.equal(new Set(alerts.map(({ group }) => group['text'])).size, alerts.length, 'an alert fired twice');
  assert.deepEqual(messages.map(({ alertId }) => alertId).sort(), alerts.map(({ id }) => id).sort());
  const copies = Map.groupBy(desk.received, ({ key }) => key);
  for (const { id, attempts } of messages) {
    const got = copies.get(id) ?? [];
    assert.ok(got.length >= 1 && got.length <= attempts, `message ${id} came ${got.length} times in ${attempts} attempts`);
    assert.equal(new Set(got.map(({ attempt }) => attempt)).size, got.length, 'an attempt was made twice');
  }
  const repeated = desk.received.length - messages.length;
  assert.ok(repeated <= rounds, `${repeated} messages came once more, in ${rounds} deaths of which each may repeat one`);
  assert.ok(alerts.length >= answered.length);
  t.diagnostic(
    `${rounds} rounds, ${answered.length} answered, ${alerts.length} alerts, ${messages.length} messages, ${repeated} came once more`,
  );
});

/** Every text is an alert of its own. */
const prepare = async ({ client }: RunningServer, folder: string, port: number): Promise<void> => {
  await applyProject(client, folder);
  await addExamples(client, examples(200));
  assert.equal((await runPipeline(client, 'training')).status, 'succeeded');
  const deployed = await client.endpoints.deploy({ params: { ...params, endpoint: 'texts' }, body: { log: 'written' } });
  assert.equal(deployed.status, 'ready');
  const { manifest } = await client.manifests.current({ params });
  const alerts = [{ name: 'each', count: {}, above: 0, within: '365d', groupBy: ['text'], notify: ['desk'] }];
  const channels = [{ name: 'desk', kind: 'webhook' as const, url: `http://127.0.0.1:${port}/` }];
  await client.manifests.apply({
    params,
    body: { manifest: { ...manifest, channels, monitors: [{ name: 'watch', endpoint: 'texts', alerts }] } },
  });
};

const ask = async (address: string, about: string): Promise<boolean> => {
  const { ok } = await fetch(`${address}/v2/models/texts/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [about] }] }),
  });
  return ok;
};

const pages = async <T>(
  read: (query: { limit: number; cursor?: string }) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> => {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await read({ limit: 500, ...(cursor !== null && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
};
