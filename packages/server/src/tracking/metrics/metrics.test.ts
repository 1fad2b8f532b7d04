import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Metric } from '@boucle/contract';
import fc from 'fast-check';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { createExperiments } from '../experiments.ts';
import { createTracking, type Tracking } from '../index.ts';
import { createRuns } from '../runs.ts';
import { byStep, byTime, inOrder, type MetricPoint, type Point, pointOf, realOf } from './metric-point.ts';
import { metricStore } from './metric-store.ts';
import type { ModelPoint } from './model-point.ts';

/** Few values, so that steps, times and values meet. */
const aMetric = fc.record({
  key: fc.constantFrom('a', 'b'),
  step: fc.constantFrom<NonNullable<Metric['step']>>(-1, 0, 1, Number.MAX_SAFE_INTEGER, '9007199254740993', '-9223372036854775808'),
  time: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
  value: fc.constantFrom<Metric['value']>('NaN', 'Infinity', '-Infinity', 0, 0.1, -5e-324, 1.7976931348623157e308),
});
const plain = ({ step, time, value }: Point): Point => ({ step, time, value });

for (const [name, start] of Object.entries(databases)) {
  describe(`metrics on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    });
    after(() => ground.stop());

    const aRun = async () => {
      const { id, experimentId } = await tracking.runs.start(ground.actor, {});
      return { id, experimentId };
    };
    /** As a log does, with or without looking after the chunks. */
    const add = (run: { id: string; experimentId: string }, points: readonly MetricPoint[], isTidying: boolean) =>
      ground.db.write((tx) => metricStore(tx, { isTidying: () => isTidying }).add(run, points));
    const chunksOf = (runId: string, key: string) => metricStore(ground.db.read).chunks(runId, key);
    const historyOf = async (runId: string, key: string, { limit, axis = 'step' }: { limit: number; axis?: 'step' | 'time' }) => {
      const found: Point[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await tracking.metrics.history(ground.actor.project, runId, { key, limit, axis, ...(cursor && { cursor }) });
        assert.ok(page.items.length <= limit);
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return found;
    };
    const line = (count: number, from = 0, key = 'loss'): MetricPoint[] =>
      Array.from({ length: count }, (_, i) => ({ key, step: from + i, time: 1000 + from + i, value: Math.sin(from + i) }));

    test('a run keeps each point once, and tells the latest, in whatever batches they come', async () => {
      const { actor } = ground;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(aMetric, { maxLength: 6 }), { maxLength: 4 }),
          fc.integer({ min: 1, max: 5 }),
          fc.constantFrom<'step' | 'time'>('step', 'time'),
          async (batches, limit, axis) => {
            const { id } = await aRun();
            await Promise.all(batches.map((metrics) => tracking.runs.log(actor, id, { metrics })));
            const { metrics } = await tracking.runs.get(actor.project, id);
            for (const key of ['a', 'b']) {
              const points = batches
                .flat()
                .filter((metric) => metric.key === key)
                .map((metric) => plain(pointOf(metric, 0)));
              assert.deepEqual(await historyOf(id, key, { limit, axis }), inOrder(points, axis === 'step' ? byStep : byTime));
              const latest = inOrder(points, byStep).at(-1);
              assert.equal(metrics[key], latest && realOf(latest.value));
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    test('writes that meet, and merge, lose nothing and keep nothing twice', async () => {
      const run = await aRun();
      const all = line(400);
      const parts = Array.from({ length: 200 }, (_, i) => all.slice(i * 2, i * 2 + 3));
      for (let i = 0; i < parts.length; i += 8) await Promise.all(parts.slice(i, i + 8).map((part) => add(run, part, true)));
      assert.deepEqual(await historyOf(run.id, 'loss', { limit: 60 }), all.map(plain));
      assert.ok((await chunksOf(run.id, 'loss')).length <= 48);
    });

    test('one log in some looks after the chunks, unasked', async () => {
      const run = await aRun();
      const metrics = line(600);
      for (let i = 0; i < metrics.length; i += 50)
        await Promise.all(
          metrics.slice(i, i + 50).map((metric) => tracking.runs.log(ground.actor, run.id, { metrics: [metric as Metric] })),
        );
      assert.ok((await chunksOf(run.id, 'loss')).length < 300);
      assert.deepEqual(await historyOf(run.id, 'loss', { limit: 1000 }), metrics.map(plain));
    });

    test('ten thousand points are one batch', async () => {
      const { actor } = ground;
      const { id } = await aRun();
      const metrics = Array.from({ length: 10_000 }, (_, i) => ({ key: `m${i % 3}`, value: i, step: i, time: 0 }));
      await tracking.runs.log(actor, id, { metrics });
      assert.deepEqual((await tracking.runs.get(actor.project, id)).metrics, { m0: 9999, m1: 9997, m2: 9998 });
      await assert.rejects(tracking.metrics.history(actor.project, id, { key: 'm0', limit: 1, cursor: 'x' }), { reason: 'unknown_cursor' });
    });

    test('ten thousand keys are one batch too', async () => {
      const run = await aRun();
      const points = Array.from({ length: 10_000 }, (_, i) => ({ key: `k${i}`, value: i, step: 0, time: 0 }));
      await add(run, points, true);
      const { metrics } = await tracking.runs.get(ground.actor.project, run.id);
      assert.equal(Object.keys(metrics).length, 10_000);
    });

    test('a history pages over full chunks, however they overlap', async () => {
      const run = await aRun();
      const all = line(20_000);
      const odd = all.filter((_, i) => i % 2 === 1);
      await add(run, odd, true);
      await add(
        run,
        all.filter((_, i) => i % 2 === 0),
        true,
      );
      await add(run, all.slice(7000, 9000), false);
      assert.deepEqual(await historyOf(run.id, 'loss', { limit: 3333 }), all.map(plain));
      assert.deepEqual(await historyOf(run.id, 'loss', { limit: 25_000, axis: 'time' }), all.map(plain));
    });

    test('a chart shows runs side by side over one range, by step, by time, and from the first point of each', async () => {
      const { project } = ground.actor;
      const [short, long, empty] = [await aRun(), await aRun(), await aRun()];
      await add(short, line(100, 5000), true);
      await add(long, line(20_000), true);
      const chart = (query: object) =>
        tracking.metrics.chart(project, {
          runIds: [short.id, long.id, empty.id],
          key: 'loss',
          axis: 'step',
          points: 320,
          ...query,
        });
      const [first, second, third] = await chart({});
      assert.deepEqual(first!.points, line(100, 5000).map(plain));
      assert.ok(second!.points.length <= 320 && second!.points.length > 250);
      assert.deepEqual([second!.points[0]!.step, second!.points.at(-1)!.step], [0, 19_999]);
      assert.deepEqual(third!.points, []);
      const zoomed = await chart({ from: 5050, to: 5149 });
      assert.deepEqual(
        zoomed.map(({ points }) => points),
        [line(50, 5050).map(plain), line(100, 5050).map(plain), []],
      );
      const started = await chart({ axis: 'relative', to: 9 });
      assert.deepEqual(
        started.map(({ points }) => points.map(({ step }) => step)),
        [line(10, 5000).map(({ step }) => step), line(10).map(({ step }) => step), []],
      );
      const timed = await chart({ axis: 'time', from: 6000, to: 6001 });
      assert.deepEqual(timed[1]!.points, line(2, 5000).map(plain));
      await assert.rejects(chart({ from: 2, to: 1 }), { reason: 'empty_range' });
      await assert.rejects(tracking.metrics.chart(ground.stranger.project, { runIds: [long.id], key: 'loss', axis: 'step', points: 10 }), {
        code: 'not_found',
      });
    });

    test('a sample takes the same steps of all runs, and the ends of each', async () => {
      const { project } = ground.actor;
      const [one, two] = [await aRun(), await aRun()];
      await add(one, line(10), true);
      await add(two, line(20), true);
      await add(two, [{ key: 'loss', step: 4, time: 0, value: 7 }], true);
      const sample = async (query: object) => {
        const found = await tracking.metrics.sample(project, [one.id, two.id, 'f'.repeat(32)], { key: 'loss', count: 5, ...query });
        return Object.fromEntries(found.map(({ runId, points }) => [runId, points.map(({ step }) => step)]));
      };
      assert.deepEqual(await sample({}), { [one.id]: [0, 4, 8, 9], [two.id]: [0, 4, 4, 8, 9, 12, 16, 19] });
      assert.deepEqual(await sample({ range: [8, 11] }), { [one.id]: [8, 9], [two.id]: [8, 9, 10, 11] });
    });

    test('what was measured of a logged model stands with the model too, or nowhere', async () => {
      const { actor } = ground;
      const measured: ModelPoint[] = [];
      const runs = createRuns({
        ...ground,
        experiments: createExperiments(ground),
        measureModels: async (_, __, points) => void measured.push(...points),
      });
      const { id } = await runs.start(actor, { params: { lr: '1' } });
      const point = { key: 'f1', step: 3, time: 5, value: 0.5 };
      const dataset = { name: 'test', digest: 'd' };
      await runs.log(actor, id, {
        metrics: [
          { ...point, modelId: 'm-1', dataset },
          { ...point, key: 'loss' },
        ],
      });
      assert.deepEqual(measured, [{ ...point, modelId: 'm-1', dataset, runId: id }]);
      assert.deepEqual(await historyOf(id, 'f1', { limit: 10 }), [plain(point)]);
    });

    test('a purged run leaves no chunks', async () => {
      const run = await aRun();
      await add(run, line(10), false);
      await ground.db.write((tx) => metricStore(tx).purge([run.id]));
      assert.deepEqual(await chunksOf(run.id, 'loss'), []);
    });
  });
}
