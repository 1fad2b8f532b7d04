import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Manifest, Plan, Trigger } from '@boucle/contract';
import { silentLog } from '../../platform/index.ts';
import { aManifest, aStep } from '../../testing/a-manifest.ts';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { createTracking } from '../../tracking/index.ts';
import { createPipelines, type Pipelines } from '../index.ts';
import { createTriggers, type Triggers } from './index.ts';

for (const [name, startDatabase] of Object.entries(databases)) {
  describe(`triggers on ${name}`, () => {
    let ground: Ground;
    let pipelines: Pipelines;
    let manifest: Manifest;
    const opened: Triggers[] = [];
    /** Versions of the dataset `tweets`, each by whom it was made. */
    let makers: string[] = [];

    before(async () => {
      ground = await layGround(startDatabase);
      const tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      pipelines = createPipelines({
        ...ground,
        log: silentLog,
        // Attempts are begun and never end: what is looked at here is what was started.
        executor: {
          carryOut: () => new Promise(() => {}),
          cancel: () => {},
          close: async () => {},
          readLog: async () => ({ text: '', offset: 0, nextOffset: 0, complete: true }),
        },
        runs: tracking.runs,
        versions: {} as never,
        manifestOf: async () => ({ id: 'a'.repeat(32), manifest }),
        sourcesOf: async () => ({ bundle: manifest.bundle, commit: null, changes: null }),
        secretsOf: async () => ({}),
        ownAddress: async () => undefined,
        lendToken: () => ({ token: '', end: () => {} }),
        holdBlobs: async () => {},
        datasetVersion: async (_, dataset, number) => {
          const latest = number === 'latest' ? makers.length : number;
          const { digest } = await ground.blobs.putBytes(`rows ${latest}`);
          return { dataset, number: latest, digest: `rows:${digest.slice(5)}`, blob: digest, bytes: 6, rows: 1 } as never;
        },
      });
    });
    after(async () => {
      await Promise.all(opened.map((triggers) => triggers.close()));
      await ground.stop();
    });

    let made = 0;
    let pipeline: string;
    beforeEach(async () => {
      pipeline = `nightly-${++made}`;
      makers = ['owner'];
      await Promise.all(opened.splice(0).map((triggers) => triggers.close()));
    });
    /** A manifest is needed for the project to be looked at. */
    const putInForce = async (on: Trigger[], more: Partial<Plan> = {}): Promise<void> => {
      const [plan] = aManifest({}, [aStep('only')]).pipelines;
      manifest = aManifest({ pipelines: [{ ...plan!, pipeline, on, ...more }] });
      await ground.nameManifest();
    };
    const open = async (): Promise<Triggers> => {
      const triggers = createTriggers({
        ...ground,
        log: silentLog,
        start: pipelines.start,
        manifestOf: async () => manifest,
        latestVersion: async () => makers.length,
        versionBy: async (_, __, number) => makers[number - 1]!,
      });
      opened.push(triggers);
      await triggers.start();
      await triggers.settled();
      return triggers;
    };
    const runs = async () => {
      const { items } = await pipelines.list(ground.actor, { limit: 500, pipeline });
      return Promise.all(items.reverse().map(({ id }) => pipelines.get(ground.actor, id)));
    };
    const hours = (count: number): number => count * 3_600_000;
    /** The next midnight in UTC, so that tests do not depend on each other's clock. */
    const toMidnight = () => ground.clock.leap(hours(24) - (ground.clock.now().getTime() % hours(24)));

    test('a schedule starts a run at each due time, which says by what and for when', async () => {
      await toMidnight();
      const properties = { asOf: { type: 'string', default: '' } };
      await putInForce([{ schedule: '0 6 * * *' }], { params: { type: 'object', properties } });
      const triggers = await open();
      const [listed] = await triggers.list(ground.actor.project);
      assert.equal(listed!.name, `${pipeline}-schedule`);
      const first = new Date(listed!.nextDue!);
      assert.equal(first.toISOString().slice(11), '06:00:00.000Z');
      // Three days in a moment: no due time is passed by.
      await ground.clock.leap(hours(72));
      await triggers.settled();
      const started = await runs();
      const due = [0, 24, 48].map((more) => new Date(first.getTime() + hours(more)).toISOString());
      assert.deepEqual(
        started.map(({ params, startedBy }) => [params['asOf'], startedBy]),
        due.map((time) => [time, `trigger:${pipeline}-schedule`]),
      );
      const { last, passedOver, nextDue } = (await triggers.list(ground.actor.project))[0]!;
      assert.deepEqual([last!.due, last!.status, last!.pipelineRunId, passedOver], [due[2], 'started', started[2]!.id, 0]);
      assert.equal(nextDue, new Date(first.getTime() + hours(72)).toISOString());
    });

    for (const [missed, count] of [
      ['skip', 0],
      ['last', 1],
      ['all', 3],
    ] as const) {
      test(`after three missed runs, "${missed}" starts ${count}`, async () => {
        await toMidnight();
        await putInForce([{ schedule: '0 6 * * *', missed }]);
        await (await open()).close();
        ground.clock.advance(hours(72));
        const triggers = await open();
        assert.equal((await runs()).length, count);
        const [listed] = await triggers.list(ground.actor.project);
        assert.deepEqual([listed!.passedOver, listed!.nextDue! > ground.clock.now().toISOString()], [3 - count, true]);
      });
    }

    test('several servers that look at once start one run for a due time', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 6 * * *' }, { schedule: '0 6,18 * * *' }]);
      const servers = await Promise.all([open(), open(), open()]);
      await ground.clock.leap(hours(48));
      await Promise.all(servers.map((triggers) => triggers.settled()));
      assert.equal((await runs()).length, 4);
    });

    test('a server that died between the due time and the run is made up for, once', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 6 * * *' }]);
      const dying = createTriggers({
        ...ground,
        log: silentLog,
        // Dies before the run, and once after it: the firing is written, and nobody heard how it went.
        start: async (...asked) => {
          if (ground.clock.now().getUTCHours() === 6 && (await runs()).length === 0) await pipelines.start(...asked);
          throw new Error('the server died');
        },
        manifestOf: async () => manifest,
        latestVersion: async () => 0,
        versionBy: async () => '',
      });
      await dying.start();
      await dying.settled();
      await ground.clock.leap(hours(6));
      await dying.settled();
      await dying.close();
      assert.equal((await runs()).length, 1);
      await open();
      assert.equal((await runs()).length, 1);
    });

    test('a clock that goes back neither starts a run twice nor puts the next one off', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 * * * *' }]);
      const triggers = await open();
      await ground.clock.leap(hours(5));
      await triggers.settled();
      assert.equal((await runs()).length, 5);
      ground.clock.advance(-hours(3));
      triggers.hint(ground.actor.project.id);
      await triggers.settled();
      const [listed] = await triggers.list(ground.actor.project);
      assert.ok(Date.parse(listed!.nextDue!) - ground.clock.now().getTime() <= hours(1));
      await ground.clock.leap(hours(4));
      await triggers.settled();
      assert.equal((await runs()).length, 6);
    });

    test('each new version of a dataset is run on, but for those that a retraining of the same pipeline made', async () => {
      await putInForce([{ newVersionOf: 'tweets' }]);
      const triggers = await open();
      assert.equal((await runs()).length, 0);
      manifest = { ...manifest, monitors: [{ name: 'watch', endpoint: 'sentiment', retrain: { pipeline, on: ['drift'] } }] };
      makers.push('ada', 'retraining:watch', 'ada');
      triggers.hint(ground.actor.project.id);
      triggers.hint(ground.actor.project.id);
      await triggers.settled();
      const started = await runs();
      assert.deepEqual(
        started.map(({ inputs }) => inputs['tweets']!.number),
        [2, 4],
      );
      assert.ok(started.every(({ startedBy }) => startedBy === `trigger:${pipeline}-on-tweets`));
      makers.push('ada');
      await triggers.close();
      await open();
      assert.equal((await runs()).length, 3);
    });

    test('a webhook starts one run for a key, and one that is not there is named', async () => {
      await putInForce([{ webhook: 'push' }]);
      const triggers = await open();
      const fired = await Promise.all(
        [1, 2, 3].map(() => triggers.fire(ground.actor, { name: 'push', params: { seed: 3 }, key: 'commit-1' })),
      );
      assert.deepEqual([new Set(fired.map(({ id }) => id)).size, fired[0]!.startedBy, fired[0]!.params], [1, 'trigger:push', { seed: 3 }]);
      await assert.rejects(triggers.fire(ground.actor, { name: 'pull', params: {}, key: undefined }), {
        code: 'not_found',
        reason: 'unknown_trigger',
        message: /there are: push/,
      });
    });

    test('what was due in the past is listed first, then run once for each due time', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 6,18 * * *' }]);
      const triggers = await open();
      const from = new Date(ground.clock.now().getTime() - hours(48)).toISOString();
      const to = ground.clock.now().toISOString();
      const ask = (dryRun: boolean) => triggers.backfill(ground.actor, { pipeline, from, to, dryRun });
      assert.deepEqual(
        (await ask(true)).items.map(({ status }) => status),
        ['new', 'new', 'new', 'new'],
      );
      assert.equal((await runs()).length, 0);
      for (let i = 0; i < 2; i++)
        assert.deepEqual(
          (await ask(false)).items.map(({ status }) => status),
          ['started', 'started', 'started', 'started'],
        );
      assert.equal((await runs()).length, 4);
      await assert.rejects(triggers.backfill(ground.actor, { pipeline, from: '2020-01-01T00:00:00.000Z', to, dryRun: true }), {
        reason: 'too_many_due_times',
      });
    });

    test('one that cannot start says why, and is not tried for ever', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 6 * * *' }], { params: { type: 'object', properties: { seed: {} }, required: ['seed'] } });
      const triggers = await open();
      await ground.clock.leap(hours(7));
      await triggers.settled();
      const [listed] = await triggers.list(ground.actor.project);
      assert.deepEqual([listed!.last!.status, listed!.last!.pipelineRunId], ['failed', null]);
      assert.match(listed!.last!.message!, /Parameter/);
    });

    test('a trigger that is taken out of the manifest starts nothing more, and one that comes back begins anew', async () => {
      await toMidnight();
      await putInForce([{ schedule: '0 6 * * *', missed: 'all' }]);
      const triggers = await open();
      await putInForce([]);
      triggers.hint(ground.actor.project.id);
      await triggers.settled();
      await ground.clock.leap(hours(30));
      await triggers.settled();
      await putInForce([{ schedule: '0 6 * * *', missed: 'all' }]);
      triggers.hint(ground.actor.project.id);
      await triggers.settled();
      assert.equal((await runs()).length, 0);
    });
  });
}
