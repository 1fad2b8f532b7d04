import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { Actor } from '../governance/index.ts';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type Tracking } from './index.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`tracking on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let actor: Actor;
    before(async () => {
      ground = await layGround(start);
      actor = ground.actor;
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    });
    after(() => ground.stop());

    const startRun = async (): Promise<string> => (await tracking.runs.start(actor, {})).id;
    const metricsOf = async (runId: string) => (await tracking.runs.get(actor.project, runId)).metrics;

    test('a run is told as it was started, and as it was logged', async () => {
      const { runs } = tracking;
      const origin = {
        stepRunId: 'a'.repeat(32),
        commit: 'c0ffee',
        changes: null,
        codeDigest: `blob:${'1'.repeat(64)}`,
        seed: '7',
        environment: { node: '24', platform: 'linux', architecture: 'x64', cpus: 2, boucle: '0.1.0' },
      };
      const inputs = [{ dataset: 'tweets', number: 1, digest: `rows:${'2'.repeat(64)}`, context: 'training' }];
      const run = await runs.start(actor, { experiment: 'sentiment/bert', params: { lr: '0.1' }, tags: { who: 'ada' }, inputs, origin });
      assert.match(run.name, /^[a-z]+-[a-z]+-\d{1,3}$/);
      assert.deepEqual(await runs.get(actor.project, run.id), run);

      ground.clock.advance(1500);
      await runs.log(actor, run.id, { metrics: [{ key: 'f1', value: 0.5, step: 1 }], params: { epochs: '3' }, tags: { who: 'grace' } });
      await runs.log(actor, run.id, { metrics: [{ key: 'system/disk_usage_percentage', value: 12 }] });
      const resources = { wallSeconds: 1.5, cpuSeconds: 1, peakMemoryBytes: 1000 };
      const ended = await runs.end(actor, run.id, { status: 'finished', resources });
      assert.deepEqual(ended, {
        ...run,
        status: 'finished',
        endedAt: ground.clock.now().toISOString(),
        params: { epochs: '3', lr: '0.1' },
        tags: { who: 'grace' },
        metrics: { f1: 0.5, 'system/disk_usage_percentage': 12 },
        resources,
      });
      // The news tells what it found, and not what it used.
      assert.deepEqual((await ground.newsOf('run.ended')).at(-1), { name: run.name, status: 'finished', metrics: { f1: 0.5 } });
    });

    test('experiments are made at their first use, and their ids are one sequence for all projects', async () => {
      const { runs, experiments } = tracking;
      const here = await runs.start(actor, { experiment: 'first' });
      const there = await runs.start(ground.stranger, {});
      assert.notEqual(here.experimentId, there.experimentId);
      assert.equal((await runs.start(actor, { experiment: 'first' })).experimentId, here.experimentId);
      assert.equal((await runs.start(actor, { experimentId: here.experimentId })).experimentId, here.experimentId);
      await assert.rejects(runs.start(ground.stranger, { experimentId: here.experimentId }), { code: 'not_found' });
      const both = { experimentId: here.experimentId, experiment: 'first' };
      await assert.rejects(runs.start(actor, both), { code: 'invalid_request', reason: 'experiment_said_twice' });
      await assert.rejects(experiments.create(actor, { name: 'first' }), { code: 'conflict' });
      const listed = (await experiments.list(actor.project, { limit: 100 })).items;
      assert.equal(listed.find((one) => one.name === 'first')?.id, here.experimentId);
      assert.deepEqual(
        (await experiments.list(ground.stranger.project, { limit: 100 })).items.map((one) => one.name),
        ['Default'],
      );
    });

    test('experiment 0 is Default of project default', async () => {
      await ground.projects.ensureDefault();
      await Promise.all([tracking.experiments.ensureDefault(), tracking.experiments.ensureDefault()]);
      const project = await ground.projects.resolve('default');
      assert.equal((await tracking.runs.start({ ...actor, project }, { experimentId: '0' })).experimentId, '0');
      assert.equal((await tracking.runs.start({ ...actor, project }, {})).experimentId, '0');
      await assert.rejects(tracking.runs.start(actor, { experimentId: '0' }), { code: 'not_found' });
    });

    test('many runs that name a new experiment at once share it', async () => {
      const started = await Promise.all(Array.from({ length: 20 }, () => tracking.runs.start(actor, { experiment: 'crowded' })));
      assert.equal(new Set(started.map((run) => run.experimentId)).size, 1);
    });

    test('a repeated Idempotency-Key starts nothing', async () => {
      const first = await tracking.runs.start(actor, { name: 'once' }, 'key-1');
      assert.deepEqual(await tracking.runs.start(actor, { name: 'once' }, 'key-1'), first);
      await assert.rejects(tracking.runs.start(actor, { name: 'twice' }, 'key-1'), { reason: 'idempotency_key_reused' });
    });

    test('a param may be said twice with one value, never with two, and then nothing of the batch stays', async () => {
      const { runs } = tracking;
      const id = await startRun();
      await runs.log(actor, id, { params: { lr: '0.1', C: '1' } });
      await runs.log(actor, id, { params: { lr: '0.1', depth: '3' } });
      const changing = runs.log(actor, id, { params: { lr: '0.2', other: '1' }, metrics: [{ key: 'f1', value: 1 }], tags: { a: 'b' } });
      await assert.rejects(changing, { code: 'conflict', reason: 'param_changed', message: /lr.*0\.1.*0\.2/ });
      const run = await runs.get(actor.project, id);
      assert.deepEqual([run.params, run.metrics, run.tags], [{ C: '1', depth: '3', lr: '0.1' }, {}, {}]);
    });

    test('NaN and the infinities come back as they went in', async () => {
      const { runs } = tracking;
      const id = await startRun();
      const values = ['NaN', 'Infinity', '-Infinity', 1e308, -0.1, 5e-324, 2 ** 60] as const;
      await runs.log(actor, id, { metrics: values.map((value, step) => ({ key: 'loss', value, step, time: 1 })) });
      await runs.log(actor, id, { metrics: values.map((value, i) => ({ key: `m${i}`, value })) });
      const { items } = await tracking.metrics.history(actor.project, id, { key: 'loss', limit: 100 });
      assert.deepEqual(
        items.map((point) => point.value),
        values.map(Number),
      );
      assert.deepEqual(Object.values(await metricsOf(id)), [2 ** 60, ...values]);
    });

    test('an exact repeat of a point is dropped', async () => {
      const { runs } = tracking;
      const id = await startRun();
      const metrics = [
        { key: 'f1', value: 0.5, step: 1, time: 10 },
        { key: 'f1', value: 'NaN' as const, step: 1, time: 10 },
      ];
      for (let i = 0; i < 3; i++) await runs.log(actor, id, { metrics: [...metrics, ...metrics] });
      assert.equal((await tracking.metrics.history(actor.project, id, { key: 'f1', limit: 100 })).items.length, 2);
    });

    test('a run that has ended takes no more, and its status stays', async () => {
      const { runs, artifacts } = tracking;
      const id = await startRun();
      const ended = await runs.end(actor, id, { status: 'failed' });
      assert.deepEqual(await runs.end(actor, id, { status: 'failed' }), ended);
      const refused = { code: 'failed_precondition', reason: 'run_ended' };
      await assert.rejects(runs.end(actor, id, { status: 'finished' }), refused);
      await assert.rejects(runs.log(actor, id, { metrics: [{ key: 'f1', value: 1 }] }), refused);
      await assert.rejects(artifacts.put(actor, `run:${id}`, { path: 'a', data: Readable.from([Buffer.from('x')]) }), refused);
      assert.deepEqual(await metricsOf(id), {});
    });

    test('a run is found in its own project alone', async () => {
      const { runs, artifacts } = tracking;
      const id = await startRun();
      const missing = { code: 'not_found' };
      const { project } = ground.stranger;
      await assert.rejects(runs.get(project, id), missing);
      await assert.rejects(runs.log(ground.stranger, id, { params: { a: 'b' } }), missing);
      await assert.rejects(runs.end(ground.stranger, id, { status: 'failed' }), missing);
      await assert.rejects(tracking.metrics.history(project, id, { key: 'a', limit: 1 }), missing);
      await assert.rejects(runs.start(ground.stranger, { parentRunId: id }), missing);
      await assert.rejects(artifacts.list(project, `run:${id}`, { folder: '', limit: 1 }), missing);
      assert.deepEqual((await runs.get(actor.project, id)).params, {});
    });

    test('runs are listed newest first, by experiment and by parent, page by page', async () => {
      const { runs } = tracking;
      const parent = await runs.start(actor, { experiment: 'paged' });
      const children = [];
      for (let i = 0; i < 5; i++) children.push(await runs.start(actor, { experiment: 'paged', parentRunId: parent.id }));
      assert.ok(children.every((child) => child.correlationId === parent.correlationId));
      const { project } = actor;
      const first = await runs.list(project, { parentRunId: parent.id, limit: 3 });
      const second = await runs.list(project, { parentRunId: parent.id, limit: 3, cursor: first.nextCursor! });
      assert.deepEqual([...first.items, ...second.items], children.toReversed());
      assert.equal(second.nextCursor, null);
      const all = await runs.list(project, { experimentId: parent.experimentId, limit: 100 });
      assert.deepEqual(all.items, [...children.toReversed(), parent]);
    });

    test('a run that is started and ended inside a write is undone with it', async () => {
      const { runs } = tracking;
      let id = '';
      const attempt = (fails: boolean) =>
        ground.db.write(async () => {
          ({ id } = await runs.start(actor, { experiment: `inside ${fails}` }));
          await runs.log(actor, id, { metrics: [{ key: 'f1', value: 1 }] });
          await runs.end(actor, id, { status: 'finished' });
          if (fails) throw new Error('the step was lost');
        });
      await assert.rejects(attempt(true), /lost/);
      await assert.rejects(runs.get(actor.project, id), { code: 'not_found' });
      await attempt(false);
      assert.equal((await runs.get(actor.project, id)).status, 'finished');
    });

    test('keys that are no plain paths, and numbers that no database holds, are refused', async () => {
      const id = await startRun();
      for (const key of ['../up', '/root', 'a//b', 'a/', '.', 'a/./b', '', 'a\0b', 'é\n', 'x'.repeat(251)]) {
        await assert.rejects(tracking.runs.log(actor, id, { params: { [key]: 'x' } }), { code: 'invalid_request', reason: 'bad_key' }, key);
      }
      const { runs } = tracking;
      await assert.rejects(runs.log(actor, id, { tags: { a: 'b\0' } }), { reason: 'bad_value' });
      await assert.rejects(runs.log(actor, id, { metrics: [{ key: 'a', value: 1, step: 2 ** 60 }] }), { reason: 'number_too_large' });
      await tracking.runs.log(actor, id, { params: { __proto__x: '1', ['__proto__']: 'x', 'a/b.c-d e:f_é': 'y' } });
      const { params } = await tracking.runs.get(actor.project, id);
      assert.equal(Object.getOwnPropertyDescriptor(params, '__proto__')?.value, 'x');
    });
  });
}
