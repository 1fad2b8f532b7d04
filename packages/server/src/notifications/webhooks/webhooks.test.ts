import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventType } from '@boucle/contract';
import { silentLog, systemClock } from '../../platform/index.ts';
import { createOutbound, parseAllowedCall } from '../../platform/outbound/index.ts';
import { createSecrets, sealedStore, type Secrets } from '../../platform/secrets/index.ts';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { selfSigned } from '../../testing/self-signed.ts';
import { exampleOf, topics } from './topics.ts';
import { webhookStore } from './webhook-store.ts';
import { createWebhooks, waitAfter, type Webhooks } from './webhooks.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

for (const [name, start] of Object.entries(databases)) {
  describe(`webhooks on ${name}`, () => {
    let ground: Ground;
    let secrets: Secrets;
    let webhooks: Webhooks;
    let url: string;
    let got: Got[] = [];
    /** What the receiver answers next; 200 after that. */
    let answers: [status: number, headers?: Record<string, string>][] = [];
    const receiver = createTlsServer({ key: selfSigned.key, cert: selfSigned.cert }, async (request, response) => {
      got.push({ headers: request.headers, body: await text(request) });
      const [status, headers = {}] = answers.shift() ?? [200];
      response.writeHead(status, headers).end('noted');
    });
    const open = (allow = ['a.intern']): Webhooks =>
      createWebhooks({
        ...ground,
        clock: systemClock,
        log: silentLog,
        secrets,
        random: () => -0.999,
        projects: ground.projects.all,
        outbound: createOutbound({
          allowCalls: allow.map(parseAllowedCall),
          ca: selfSigned.cert,
          resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        }),
      });
    before(async () => {
      ground = await layGround(start);
      secrets = await createSecrets({ store: sealedStore(ground.db), keyFile: path.join(ground.folder, 'key'), env: {} });
      receiver.listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      url = `https://a.intern:${(receiver.address() as AddressInfo).port}/hook`;
      webhooks = open();
      ground.events.listen((event) => webhooks.hear(event, ground.actor.project));
    });
    after(async () => {
      await webhooks.close();
      receiver.close();
      await ground.stop();
    });
    beforeEach(async () => {
      for (const { id } of (await webhooks.list(ground.actor, { limit: 100 })).items) await webhooks.remove(ground.actor, id);
      got = [];
      answers = [];
    });

    const tell = async (type: string, data: object): Promise<void> => {
      const { project, id: actor } = ground.actor;
      const event = {
        type: type as EventType,
        project,
        subject: { type: 'model', id: 'm' },
        actor,
        correlationId: null,
        data: data as never,
      };
      // Its time is that of the webhooks' clock.
      ground.clock.advance(Math.max(0, Date.now() - ground.clock.now().getTime()));
      await ground.db.write((tx) => ground.events.record(tx, event));
      await ground.events.settled();
    };
    const arrived = async (count: number): Promise<Got[]> => {
      for (const until = Date.now() + 4_000; got.length < count && Date.now() < until;) await sleep(20);
      await webhooks.settled();
      assert.equal(got.length, count);
      return got;
    };
    const add = (more: object = {}) => webhooks.create(ground.actor, { name: 'desk', url, topics: [...topics], ...more });

    test('what becomes of a model arrives once, signed so that anybody with the secret can tell', async () => {
      await add({ secret: 'shared secret' });
      await tell('model_version_tag.set', { model: 'sentiment', number: 3, key: 'stage', value: 'gold' });
      const [{ headers, body }] = (await arrived(1)) as [Got];
      const { timestamp, ...said } = JSON.parse(body) as { timestamp: string };
      const data = { name: 'sentiment', version: '3', key: 'stage', value: 'gold' };
      assert.deepEqual(said, { entity: 'model_version_tag', action: 'set', data, workspace: 'airline' });
      assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
      const [id, seconds] = [String(headers['x-mlflow-delivery-id']), String(headers['x-mlflow-timestamp'])];
      assert.match(id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
      assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 60);
      const expected = createHmac('sha256', 'shared secret').update(`${id}.${seconds}.${body}`, 'utf8').digest('base64');
      assert.equal(headers['x-mlflow-signature'], `v1,${expected}`);
      const rows = await ground.db.read.withTables<{ webhook: { id: string } }>().selectFrom('webhook').selectAll().execute();
      assert.ok(!JSON.stringify(rows).includes('shared secret'));
    });

    test('without a secret nothing is signed, and who is not asked for is not told', async () => {
      const { id } = await add({ topics: ['registered_model.created'] });
      await add({ name: 'off', status: 'disabled' });
      await tell('model_version_tag.set', { model: 'a', number: 1, key: 'k', value: 'v' });
      await tell('model.created', { model: 'a prompt', tags: {}, description: '', isPrompt: true });
      await tell('model.created', { model: 'b', tags: { team: 'x' }, description: 'what it is' });
      const [{ headers, body }] = (await arrived(1)) as [Got];
      assert.equal(headers['x-mlflow-signature'], undefined);
      assert.deepEqual(JSON.parse(body).data, { name: 'b', tags: { team: 'x' }, description: 'what it is' });
      await webhooks.update(ground.actor, id, { status: 'disabled' });
      await tell('model.created', { model: 'c', tags: {}, description: '' });
      await arrived(1);
    });

    test('a receiver that is busy is asked again, with the same id; one that refuses is not', async () => {
      await add();
      answers = [[503], [429, { 'retry-after': '0' }]];
      await tell('alias.moved', { model: 'a', alias: 'champion', number: 2, before: null });
      const ids = (await arrived(3)).map(({ headers }) => headers['x-mlflow-delivery-id']);
      assert.equal(new Set(ids).size, 1);
      answers = [[400]];
      await tell('alias.removed', { model: 'a', alias: 'champion', number: 2 });
      assert.deepEqual(JSON.parse((await arrived(4))[3]!.body).data, { name: 'a', alias: 'champion' });
      assert.equal(await webhookStore(ground.db.read).next((await webhooks.list(ground.actor, { limit: 1 })).items[0]!.id), undefined);
    });

    test('what a killed server had on its way, and what it had not read, is sent by the next', async () => {
      const { id } = await add();
      await webhooks.close();
      await tell('model.created', { model: 'unread', tags: {}, description: '' });
      const delivery = {
        id: 'f'.repeat(32),
        webhookId: id,
        body: '{"entity":"on its way"}',
        attempts: 0,
        dueAt: '2026-01-01T00:00:00.000Z',
      };
      await ground.db.write(async (tx) => {
        await webhookStore(tx).add([delivery]);
        await webhookStore(tx).claim(delivery.id);
      });
      webhooks = open();
      await webhooks.start();
      const bodies = (await arrived(2)).map(({ body }) => JSON.parse(body) as { entity: string });
      assert.deepEqual(bodies.map(({ entity }) => entity).sort(), ['on its way', 'registered_model']);
    });

    test('a test says what the receiver answered, and keeps nothing', async () => {
      const { id } = await add({ secret: 'shared secret' });
      assert.deepEqual(await webhooks.test(ground.actor, id), { isDelivered: true, status: 200, body: 'noted' });
      answers = [[418]];
      assert.deepEqual(await webhooks.test(ground.actor, id, 'prompt_alias.deleted'), { isDelivered: false, status: 418, body: 'noted' });
      assert.deepEqual(
        got.map(({ body }) => (JSON.parse(body) as { entity: string }).entity),
        ['registered_model', 'prompt_alias'],
      );
      await webhooks.update(ground.actor, id, { url: url.replace(/:\d+/, ':1') });
      const refused = await webhooks.test(ground.actor, id);
      assert.equal(refused.isDelivered, false);
      assert.match(refused.error!, /ECONNREFUSED/);
    });

    test('addresses inside, without https, and bad names are refused', async () => {
      const bad = { code: 'invalid_request', reason: 'bad_webhook_url' };
      const strict = open([]);
      for (const address of [
        '',
        'nope',
        'ftp://a.intern/x',
        'http://example.com/x',
        'https://127.0.0.1/x',
        'https://[::1]/x',
        'https://a.intern/x',
      ])
        await assert.rejects(strict.create(ground.actor, { name: 'desk', url: address, topics: [...topics] }), bad, address);
      const plain = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
      await once(plain, 'listening');
      const { port } = plain.address() as AddressInfo;
      const { id } = await add({ url: `http://a.intern:${port}/` });
      assert.equal((await webhooks.test(ground.actor, id)).status, 200);
      plain.close();
      for (const wrong of ['', '-a', 'a-', 'A', 'a b', 'a'.repeat(64)])
        await assert.rejects(add({ name: wrong }), { reason: 'bad_webhook_name' }, wrong);
      for (const right of ['a', 'a_b', 'a.b-c_d', 'a'.repeat(63)]) assert.equal((await add({ name: right })).name, right);
    });

    test('what is wrong with an address, and which webhook there is none of, is said as their clients look for it', async () => {
      const said: Readonly<Record<string, RegExp>> = {
        '   ': /^Webhook URL cannot be empty or just whitespace: write/,
        'ftp://example.com': /^Invalid webhook URL scheme of ftp:\/\/example\.com: write/,
        'http://[invalid': /^Invalid webhook URL http:\/\/\[invalid: write/,
      };
      const { id } = await add();
      for (const [address, message] of Object.entries(said))
        await assert.rejects(webhooks.update(ground.actor, id, { url: address }), { message }, address);
      const missing = { code: 'not_found', message: 'Webhook with ID none not found: list those that there are' };
      for (const call of [webhooks.get, webhooks.remove, webhooks.test]) await assert.rejects(call(ground.actor, 'none'), missing);
    });

    test('another project sees none of them', async () => {
      const { id } = await add();
      await assert.rejects(webhooks.get(ground.stranger, id), { code: 'not_found' });
      await assert.rejects(webhooks.remove(ground.stranger, id), { code: 'not_found' });
      assert.deepEqual((await webhooks.list(ground.stranger, { limit: 10 })).items, []);
    });
  });
}

test('three times more is asked, after 1, 2 and 4 seconds or as the receiver says', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempts) => waitAfter(attempts, 0)),
    [1000, 2000, 4000, undefined],
  );
  assert.equal(waitAfter(1, 1), 2000);
  assert.equal(waitAfter(1, 0, 7000), 7000);
  assert.equal(waitAfter(2, 0, 1e12), 3_600_000);
});

test('every topic has an example, the one that receivers know from MLflow', () => {
  for (const topic of topics) assert.ok('name' in exampleOf(topic).data, topic);
  const tags = { example_key: 'example_value' };
  assert.deepEqual(exampleOf('registered_model.created').data, {
    name: 'example_model',
    tags,
    description: 'An example registered model',
  });
  assert.deepEqual(exampleOf('model_version.created').data, {
    name: 'example_model',
    version: '1',
    source: 'models:/123',
    run_id: 'abcd1234abcd5678',
    tags,
    description: 'An example model version',
  });
  assert.deepEqual(exampleOf('model_version_tag.set').data, {
    name: 'example_model',
    version: '1',
    key: 'example_key',
    value: 'example_value',
  });
});
