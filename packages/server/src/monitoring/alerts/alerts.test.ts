import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Alert, AlertNews, AlertRule, DeclaredMonitor, EventType } from '@boucle/contract';
import { newId, silentLog, type Tx } from '../../platform/index.ts';
import { callOf } from '../../testing/call-of.ts';
import { databases } from '../../testing/databases.ts';
import { layServingGround } from '../../testing/serving-ground.ts';
import { type Alerts, createAlerts } from './alerts.ts';

const minute = 60_000;
const negative = 'worst airline ever, flight delayed again';
const buzz: AlertRule = {
  name: 'bad buzz',
  count: { prediction: 'negative' },
  above: 3,
  within: '5m',
  severity: 'critical',
  notify: ['desk'],
  advice: 'Look at what they say',
};

const lay = async (t: TestContext, database: keyof typeof databases, rules: readonly AlertRule[] = [buzz]) => {
  const ground = await layServingGround(databases[database]);
  const { db, events, clock, actor } = ground;
  const { project } = actor;
  const sent: AlertNews[] = [];
  let monitors: DeclaredMonitor[] = [{ name: 'tweets', endpoint: 'sentiment', alerts: [...rules] }];
  const appliedAt = clock.now().toISOString();
  const failing = { next: false };
  const open = (): Alerts =>
    createAlerts({
      db,
      events,
      clock,
      log: silentLog,
      projects: async () => [project],
      monitorsOf: async () => ({ monitors, appliedAt }),
      records: {
        endpointId: async () => (await ground.serving.get(actor, 'sentiment')).id,
        tail: (endpointId, after, limit) => ground.serving.tail(endpointId, after, limit),
      },
      notifications: {
        send: async (_: Tx, { news }) => {
          if (failing.next) throw new Error('cut off');
          db.afterCommit(() => void sent.push(news));
        },
      },
    });
  await ground.deploy();
  let alerts = open();
  await alerts.start();
  await alerts.settled();
  t.after(async () => {
    await alerts.close();
    await ground.stop();
  });
  const endpointId = (await ground.serving.get(actor, 'sentiment')).id;
  const looked = async (): Promise<void> => {
    alerts.answered(endpointId);
    await alerts.settled();
  };
  return {
    ...ground,
    sent,
    failing,
    endpointId,
    get alerts() {
      return alerts;
    },
    looked,
    ask: async (text: string, eventTime?: Date): Promise<void> => {
      const said = () => (eventTime ? { about: { eventTime: eventTime.toISOString() } } : {});
      await ground.serving.predict(ground.serving.endpointCalled('sentiment'), callOf({ text: [text] }, { said }));
    },
    apply: async (changed: DeclaredMonitor[]): Promise<void> => {
      monitors = changed;
      alerts.onEvent(
        { type: 'manifest.applied', subject: { project: project.name, type: 'manifest', id: '' }, data: {} } as never,
        project,
      );
      await alerts.settled();
    },
    restart: async (): Promise<void> => {
      await alerts.close();
      alerts = open();
      await alerts.start();
      await alerts.settled();
    },
    list: async () => (await alerts.list(actor, { limit: 100 })).items,
    /** As the windows of the monitor tell it. */
    tell: async (type: EventType, data: object): Promise<void> => {
      await db.write((tx) =>
        events.record(tx, {
          type,
          project,
          subject: { type: 'window', id: newId() },
          actor: 'system',
          correlationId: 'c'.repeat(32),
          data: { monitor: 'tweets', endpoint: 'sentiment', windowId: 'w1', version: 1, ...data } as never,
        }),
      );
      await ground.newsOf(type);
      alerts.onEvent({ type, subject: { project: project.name, type: 'window', id: '' }, data: { monitor: 'tweets' } } as never, project);
      await alerts.settled();
    },
  };
};

for (const database of ['sqlite', 'postgres'] as const) {
  describe(`alerts, on ${database}`, () => {
    test('more than three negative tweets fire once, with their evidence, and resolve once', async (t) => {
      const desk = await lay(t, database);
      for (let i = 0; i < 6; i += 1) await desk.ask(negative);
      await desk.looked();
      const [alert, ...more] = await desk.list();
      assert.deepEqual(more, []);
      assert.equal(alert!.evidence.records, 6);
      const prediction = await desk.serving.find(desk.actor.project, alert!.evidence.first[0]!);
      assert.equal((prediction!.outputs as { label: string }).label, 'negative');
      const labels = { alertname: 'bad buzz', severity: 'critical', project: 'airline', monitor: 'tweets', endpoint: 'sentiment' };
      assert.deepEqual(
        desk.sent.map(({ about, labels: told, advice }) => [about, told, advice]),
        [['firing', labels, 'Look at what they say']],
      );
      assert.deepEqual(
        desk.sent[0]!.actions.map(({ command }) => command!.split(' ').slice(0, 3).join(' ')),
        ['boucle alerts show', `boucle trace ${alert!.evidence.first[3]}`, 'boucle alerts ack'],
      );
      await desk.clock.leap(11 * minute);
      await desk.alerts.settled();
      assert.deepEqual(
        desk.sent.map(({ about }) => about),
        ['firing', 'resolved'],
      );
      assert.equal((await desk.newsOf('alert.fired')).length, 1);
      const [resolved] = await desk.newsOf('alert.resolved');
      assert.ok(resolved!.seconds > 0);
    });

    test('a restart counts nothing twice, and goes on in the midst', async (t) => {
      const desk = await lay(t, database);
      for (let i = 0; i < 3; i += 1) await desk.ask(negative);
      await desk.looked();
      await desk.restart();
      assert.deepEqual(await desk.list(), []);
      await desk.ask(negative);
      await desk.restart();
      await desk.restart();
      assert.equal((await desk.list()).length, 1);
      assert.equal(desk.sent.length, 1);
    });

    test('a write that is cut off leaves nothing, and the look is done again', async (t) => {
      const desk = await lay(t, database);
      desk.failing.next = true;
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      assert.deepEqual([await desk.list(), desk.sent], [[], []]);
      desk.failing.next = false;
      await desk.looked();
      assert.deepEqual([(await desk.list()).length, desk.sent.length], [1, 1]);
    });

    test('records of before the rule was applied are none of its own', async (t) => {
      const desk = await lay(t, database, []);
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      await desk.apply([{ name: 'tweets', endpoint: 'sentiment', alerts: [buzz] }]);
      assert.deepEqual(await desk.list(), []);
    });

    test('a rule that is changed or removed ends its alert, and says why', async (t) => {
      const desk = await lay(t, database);
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      await desk.apply([{ name: 'tweets', endpoint: 'sentiment', alerts: [{ ...buzz, above: 5 } as AlertRule] }]);
      assert.deepEqual(
        (await desk.list()).map(({ status, resolution }) => [status, resolution]),
        [['resolved', 'Its rule was changed']],
      );
      for (let i = 0; i < 6; i += 1) await desk.ask(negative);
      await desk.looked();
      await desk.apply([]);
      assert.deepEqual(
        (await desk.list()).map(({ status, resolution }) => [status, resolution]),
        [
          ['resolved', 'Its monitor was removed'],
          ['resolved', 'Its rule was changed'],
        ],
      );
      assert.equal(desk.sent.length, 4);
    });

    test('a silenced alert is recorded and sends nothing; what still fires at the end of the silence is sent then', async (t) => {
      const desk = await lay(t, database);
      const until = new Date(desk.clock.now().getTime() + 5 * minute).toISOString();
      const matchers = [
        { name: 'alertname', value: 'bad buzz' },
        { name: 'severity', value: 'info', isEqual: false },
      ];
      const silence = await desk.alerts.silences.create(desk.actor, { matchers, until, comment: 'known' });
      assert.equal(silence.status, 'active');
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      assert.deepEqual([(await desk.list()).map(({ told }) => told), desk.sent], [['nothing'], []]);
      await desk.clock.leap(5 * minute + 1);
      await desk.alerts.settled();
      assert.deepEqual(
        desk.sent.map(({ about }) => about),
        ['firing'],
      );
      assert.deepEqual(
        (await desk.alerts.silences.list(desk.actor, { limit: 5 })).items.map(({ status }) => status),
        ['ended'],
      );
    });

    test('a silence that is removed ends at once, also over a restart; one of another alert silences nothing', async (t) => {
      const desk = await lay(t, database);
      const until = '2099-01-01T00:00:00.000Z';
      const { id } = await desk.alerts.silences.create(desk.actor, {
        matchers: [{ name: 'monitor', value: 'tweets' }],
        until,
        comment: '',
      });
      await desk.alerts.silences.create(desk.actor, { matchers: [{ name: 'monitor', value: 'another' }], until, comment: '' });
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      await desk.restart();
      assert.deepEqual(desk.sent, []);
      await desk.alerts.silences.remove(desk.actor, id);
      await desk.alerts.settled();
      assert.equal(desk.sent.length, 1);
      await assert.rejects(desk.alerts.silences.remove(desk.actor, newId()), { code: 'not_found' });
      const early = { matchers: [{ name: 'a', value: 'b' }], until: '2020-01-01T00:00:00.000Z', comment: '' };
      await assert.rejects(desk.alerts.silences.create(desk.actor, early), { reason: 'bad_silence' });
    });

    test('somebody who looks after an alert is named with it, while it fires', async (t) => {
      const desk = await lay(t, database);
      for (let i = 0; i < 4; i += 1) await desk.ask(negative);
      await desk.looked();
      const [{ id: alertId }] = (await desk.list()) as [Alert];
      const { acknowledged } = await desk.alerts.acknowledge(desk.actor, { alertId, comment: 'on it' });
      assert.deepEqual([acknowledged!.by, acknowledged!.comment], ['owner', 'on it']);
      assert.deepEqual(await desk.newsOf('alert.acknowledged'), [{ alertId, rule: 'bad buzz', comment: 'on it' }]);
      await desk.apply([]);
      await assert.rejects(desk.alerts.acknowledge(desk.actor, { alertId, comment: '' }), { reason: 'alert_resolved' });
      await assert.rejects(desk.alerts.get(desk.stranger, alertId), { code: 'not_found' });
    });

    test('drift, faults of data and missed KPIs fire by the window that shows them, and resolve by one that does not', async (t) => {
      const rules: AlertRule[] = [
        { name: 'drift', drift: ['text'], notify: ['desk'] },
        { name: 'quality', quality: true, notify: ['desk'] },
        { name: 'kpi', kpi: 'recall', notify: ['desk'] },
      ];
      const desk = await lay(t, database, rules);
      const closed = {
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-01T01:00:00.000Z',
        rows: 100,
        labelled: 50,
        drifted: [],
        faults: 0,
        missed: [],
      };
      await desk.tell('window.closed', { ...closed, drifted: ['length'] });
      await desk.tell('drift.found', { columns: [{ column: 'length', method: 'x', pValue: 0.001, effect: 0.2 }] });
      assert.deepEqual(await desk.list(), []);
      await desk.tell('window.closed', {
        ...closed,
        windowId: 'w2',
        to: '2026-01-01T02:00:00.000Z',
        drifted: ['text'],
        faults: 1,
        missed: ['recall'],
      });
      await desk.tell('drift.found', {
        windowId: 'w2',
        version: 2,
        columns: [{ column: 'text', method: 'x', pValue: 0.001, effect: 0.2 }],
      });
      await desk.tell('quality.failed', {
        windowId: 'w2',
        findings: [{ column: 'text', fault: 'missing', message: 'a third of text is missing' }],
      });
      await desk.tell('kpi.missed', { windowId: 'w2', kpi: 'recall', value: 0.7, interval: [0.6, 0.8], target: 0.9 });
      await desk.restart();
      const fired = Object.fromEntries((await desk.list()).map((alert) => [alert.rule, alert]));
      assert.deepEqual(Object.keys(fired).sort(), ['drift', 'kpi', 'quality']);
      assert.deepEqual(fired['drift']!.evidence.window, { id: 'w2', version: 2 });
      assert.match(fired['drift']!.message, /^Drift in text .*window w2, version 2: something came late/);
      assert.match(fired['kpi']!.message, /^recall is 0.700 \(95 % interval 0.600 to 0.800\), and misses its target 0.9 beyond doubt/);
      assert.equal(fired['quality']!.correlationId, 'c'.repeat(32));
      // Labels that come late for the hour before say nothing of this one.
      await desk.tell('window.closed', { ...closed, version: 2 });
      assert.deepEqual(
        (await desk.list()).map(({ status }) => status),
        ['firing', 'firing', 'firing'],
      );
      await desk.tell('window.closed', { ...closed, windowId: 'w3', to: '2026-01-01T03:00:00.000Z' });
      assert.deepEqual(
        (await desk.list()).map(({ status }) => status),
        ['resolved', 'resolved', 'resolved'],
      );
      assert.equal(desk.sent.length, 6);
    });

    test('an endpoint from which nothing comes is told, and so is its return', async (t) => {
      const desk = await lay(t, database, [{ name: 'quiet', noData: '10m', notify: ['desk'] }]);
      await desk.ask(negative);
      await desk.looked();
      for (let i = 0; i < 20; i += 1) {
        await desk.clock.leap(minute);
        await desk.alerts.settled();
      }
      assert.deepEqual(
        desk.sent.map(({ about }) => about),
        ['firing'],
      );
      await desk.ask(negative);
      await desk.looked();
      assert.deepEqual(
        desk.sent.map(({ about }) => about),
        ['firing', 'resolved'],
      );
    });

    test('tweets of years ago are counted by when they were written', async (t) => {
      const desk = await lay(t, database);
      const written = Date.parse('2015-02-24T10:00:00Z');
      for (const after of [0, 4, 9, 14]) await desk.ask(negative, new Date(written + after * minute));
      await desk.looked();
      assert.deepEqual(await desk.list(), []);
      for (const after of [15, 16, 17]) await desk.ask(negative, new Date(written + after * minute));
      await desk.looked();
      const [{ evidence }] = (await desk.list()) as [Alert];
      assert.match(evidence.from!, /^2015-02-24T10:14/);
    });
  });
}
