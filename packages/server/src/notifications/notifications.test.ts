import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { AlertNews, DeclaredChannel, Notification } from '@boucle/contract';
import { type Log, newId } from '../platform/index.ts';
import { createOutbound } from '../platform/outbound/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createNotifications, type Notifications } from './notifications.ts';

const aNews = (more: Partial<AlertNews> = {}): AlertNews => ({
  alertId: newId(),
  about: 'firing',
  labels: { alertname: 'bad buzz', severity: 'critical', project: 'airline', monitor: 'tweets', endpoint: 'sentiment' },
  message: '4 negative tweets within 5 minutes',
  advice: 'Look at what they say',
  path: '/p/airline/alerts/1',
  actions: [{ label: 'Look at it', command: 'boucle alerts show 1' }],
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  ...more,
});

interface Got {
  readonly body: Record<string, never>;
  readonly headers: IncomingMessage['headers'];
}
/** A receiver on this machine; what it answers is the test's. */
const receive = async (t: TestContext, answer: (response: ServerResponse, nth: number) => void = (response) => response.end('ok')) => {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    got.push({ body: (await json(request)) as Got['body'], headers: request.headers });
    answer(response, got.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { got, port, url: `http://127.0.0.1:${port}/hook` };
};

interface Setting extends Ground {
  readonly notifications: Notifications;
  readonly logged: string[];
  send(channels: readonly string[], news?: AlertNews): Promise<void>;
  list(): Promise<Notification[]>;
  restart(): Promise<Notifications>;
}
const lay = async (t: TestContext, database: keyof typeof databases, channels: readonly DeclaredChannel[]): Promise<Setting> => {
  const ground = await layGround(databases[database]);
  const logged: string[] = [];
  const entry: Log['info'] = (message, facts) => void logged.push(JSON.stringify([message, facts]));
  const open = (): Notifications =>
    createNotifications({
      ...ground,
      log: { info: entry, warn: entry, error: entry },
      outbound: createOutbound({ allowCalls: [{ host: '127.0.0.1', port: undefined }], limits: { totalMs: 200 } }),
      channelsOf: async () => channels,
      secretOf: async (_, name) => `value-of-${name}`,
      mask: (text) => text.replaceAll('value-of-token', '‹secret:token›'),
      publicUrl: 'https://boucle.example.com',
      random: () => 0,
    });
  let notifications = open();
  await notifications.start();
  t.after(async () => {
    await notifications.close();
    await ground.stop();
  });
  return {
    ...ground,
    get notifications() {
      return notifications;
    },
    logged,
    send: async (names, news = aNews()) => {
      await ground.db.write((tx) => notifications.send(tx, { project: ground.actor.project, channels: names, news, correlationId: null }));
      await notifications.settled();
    },
    list: async () => (await notifications.list(ground.actor, { limit: 100 })).items,
    restart: async () => {
      await notifications.close();
      notifications = open();
      await notifications.start();
      return notifications;
    },
  };
};
const webhook = (url: string, name = 'desk'): DeclaredChannel => ({ name, kind: 'webhook', url });

for (const database of ['sqlite', 'postgres'] as const) {
  describe(`notifications, on ${database}`, () => {
    test('arrive once for an alert and its status, with what names the message, and are news', async (t) => {
      const desk = await receive(t);
      const { send, list, newsOf } = await lay(t, database, [webhook(desk.url)]);
      const news = aNews();
      await send(['desk', 'desk'], news);
      await send(['desk'], news);
      await send(['desk'], { ...news, about: 'resolved', endsAt: '2026-01-01T01:00:00.000Z' });
      assert.deepEqual(
        desk.got.map(({ body }) => body['status']),
        ['firing', 'resolved'],
      );
      const listed = await list();
      assert.deepEqual(
        listed.map(({ about, status, attempts, dueAt }) => [about, status, attempts, dueAt]),
        [
          ['resolved', 'sent', 1, null],
          ['firing', 'sent', 1, null],
        ],
      );
      assert.equal(desk.got[0]!.headers['idempotency-key'], listed[1]!.id);
      assert.deepEqual(await newsOf('notification.sent'), Array(2).fill({ channel: 'desk', alertId: news.alertId, attempts: 1 }));
    });

    test('are sent only if the write that tells them is', async (t) => {
      const desk = await receive(t);
      const { db, notifications, actor, list } = await lay(t, database, [webhook(desk.url)]);
      const failing = db.write(async (tx) => {
        await notifications.send(tx, { project: actor.project, channels: ['desk'], news: aNews(), correlationId: null });
        throw new Error('undone');
      });
      await assert.rejects(failing, /undone/);
      await notifications.settled();
      assert.deepEqual([desk.got.length, await list()], [0, []]);
    });

    test('are tried again, later each time, until they arrive', async (t) => {
      const desk = await receive(t, (response, nth) => response.writeHead(nth < 4 ? 500 : 204).end());
      const { send, list, clock, notifications } = await lay(t, database, [webhook(desk.url)]);
      await send(['desk']);
      const waits: number[] = [];
      for (let tries = 1; tries < 4; tries += 1) {
        assert.equal(desk.got.length, tries);
        const [{ status, dueAt, lastError }] = (await list()) as [Notification];
        assert.deepEqual([status, lastError], ['waiting', 'It answered 500']);
        const wait = Date.parse(dueAt!) - clock.now().getTime();
        waits.push(wait);
        await clock.leap(wait - 1);
        await notifications.settled();
        assert.equal(desk.got.length, tries);
        await clock.leap(1);
        await notifications.settled();
      }
      assert.deepEqual(waits, [2500, 5000, 10_000]);
      assert.deepEqual(
        (await list()).map(({ status, attempts, lastError }) => [status, attempts, lastError]),
        [['sent', 4, null]],
      );
      assert.equal(new Set(desk.got.map(({ headers }) => headers['idempotency-key'])).size, 1);
      assert.deepEqual(
        desk.got.map(({ headers }) => headers['boucle-attempt']),
        ['1', '2', '3', '4'],
      );
    });

    test('wait as long as the receiver asks', async (t) => {
      const desk = await receive(t, (response, nth) => response.writeHead(nth === 1 ? 429 : 200, { 'retry-after': '600' }).end());
      const { send, list, clock } = await lay(t, database, [webhook(desk.url)]);
      await send(['desk']);
      assert.equal(Date.parse((await list())[0]!.dueAt!) - clock.now().getTime(), 600_000);
    });

    test('that are refused for good are not tried again, and a channel that is gone is told', async (t) => {
      const desk = await receive(t, (response) => response.writeHead(404).end('no such hook'));
      const { send, list, newsOf } = await lay(t, database, [webhook(desk.url)]);
      await send(['desk', 'gone']);
      const failed = (await list()).map(({ channel, status, attempts, lastError }) => ({ channel, status, attempts, lastError }));
      assert.deepEqual(failed, [
        { channel: 'gone', status: 'failed', attempts: 1, lastError: 'The manifest in force has no channel "gone" any more' },
        { channel: 'desk', status: 'failed', attempts: 1, lastError: 'It answered 404: no such hook' },
      ]);
      assert.equal((await newsOf('notification.failed')).length, 2);
    });

    test('are given up after twenty attempts', async (t) => {
      const desk = await receive(t, (response) => response.writeHead(503).end());
      const { send, list, clock, notifications, newsOf } = await lay(t, database, [webhook(desk.url)]);
      await send(['desk']);
      for (let tries = 1; tries < 25; tries += 1) {
        await clock.leap(3_600_000);
        await notifications.settled();
      }
      assert.deepEqual(
        (await list()).map(({ status, attempts }) => [status, attempts]),
        [['failed', 20]],
      );
      assert.equal(desk.got.length, 20);
      assert.deepEqual(
        (await newsOf('notification.failed')).map(({ attempts }) => attempts),
        [20],
      );
    });

    test('to a channel that hangs hold up no other channel, and the end of an alert waits for its beginning', async (t) => {
      const hanging = await receive(t, () => {});
      const desk = await receive(t);
      const { send, list } = await lay(t, database, [webhook(hanging.url, 'slow'), webhook(desk.url)]);
      const news = aNews();
      await send(['slow', 'desk'], news);
      await send(['slow', 'desk'], { ...news, about: 'resolved', endsAt: news.startsAt });
      assert.equal(desk.got.length, 2);
      assert.equal(hanging.got.length, 1);
      const slow = (await list()).filter(({ channel }) => channel === 'slow');
      assert.deepEqual(
        slow.map(({ about, status, attempts }) => [about, status, attempts]),
        [
          ['resolved', 'waiting', 0],
          ['firing', 'waiting', 1],
        ],
      );
      assert.match(slow[1]!.lastError!, /did not answer within 0.2 s/);
    });

    test('reach no private address, and none by a redirect', async (t) => {
      const moved = await receive(t, (response) => response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end());
      const lost = await receive(t, (response) => response.writeHead(302, { location: '/elsewhere' }).end());
      const { send, list } = await lay(t, database, [
        webhook('http://[::1]:9/', 'private'),
        webhook(moved.url, 'moved'),
        webhook(lost.url.replace('/hook', '/'), 'lost'),
      ]);
      await send(['private', 'moved']);
      const errors = (await list()).map(({ status, lastError }) => [status, /refused|not followed/.test(lastError!)]);
      assert.deepEqual(errors, [
        ['failed', true],
        ['failed', true],
      ]);
    });

    test('that were on their way when a server was killed are sent once more', async (t) => {
      const desk = await receive(t);
      const { db, send, list, notifications, restart } = await lay(t, database, [webhook(desk.url)]);
      await notifications.close();
      await send(['desk']);
      // What the dead server had claimed and not settled.
      await db.write(async (tx) => {
        await tx
          .withTables<{ notification: { status: string; attempts: number } }>()
          .updateTable('notification')
          .set({ status: 'sending', attempts: 1 })
          .execute();
      });
      await (await restart()).settled();
      assert.deepEqual(
        (await list()).map(({ status, attempts }) => [status, attempts]),
        [['sent', 2]],
      );
      assert.equal(desk.got.length, 1);
    });

    test('a channel is tried by one message, whose fate is the answer', async (t) => {
      const desk = await receive(t, (response, nth) => response.writeHead(nth === 1 ? 200 : 500).end());
      const { notifications, actor } = await lay(t, database, [webhook(desk.url)]);
      const first = await notifications.test(actor, 'desk', { comment: 'hello', key: 'k' });
      assert.deepEqual([first.status, first.about, first.attempts], ['sent', 'test', 1]);
      assert.deepEqual(await notifications.test(actor, 'desk', { comment: 'hello', key: 'k' }), first);
      assert.equal(desk.got.length, 1);
      const second = await notifications.test(actor, 'desk');
      assert.deepEqual([second.status, second.lastError], ['failed', 'It answered 500']);
      await assert.rejects(notifications.test(actor, 'nobody'), { code: 'not_found' });
      const [channel] = await notifications.channels(actor);
      assert.deepEqual([channel!.name, channel!.kind, channel!.to], ['desk', 'webhook', `127.0.0.1:${desk.port}`]);
      assert.equal(channel!.last!.alertId, second.alertId);
    });

    test('secrets are asked for when a message leaves, and stand in no log and no record', async (t) => {
      const desk = await receive(t, (response) => response.writeHead(401).end('value-of-token is wrong'));
      const channel: DeclaredChannel = { name: 'desk', kind: 'webhook', url: desk.url, authorization: { secret: 'token' } };
      const { send, list, logged, newsOf } = await lay(t, database, [channel]);
      await send(['desk']);
      assert.equal(desk.got[0]!.headers.authorization, 'value-of-token');
      const kept = JSON.stringify([await list(), logged, await newsOf('notification.failed')]);
      assert.match(kept, /‹secret:token› is wrong/);
      assert.doesNotMatch(kept, /value-of-token/);
    });
  });
}
