import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Metric } from '@boucle/contract';
import fc from 'fast-check';
import { databases } from '../testing/databases.ts';
import { type Ground, layGround } from '../testing/ground.ts';
import { createTracking, type Tracking } from './index.ts';
import { latestOf, type MetricPoint, pointOf, realOf } from './metric-point.ts';

/** Few values, so that steps, times and values meet. */
const aMetric = fc.record({
  key: fc.constantFrom('a', 'b'),
  step: fc.constantFrom(-1, 0, 1, Number.MAX_SAFE_INTEGER),
  time: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER),
  value: fc.constantFrom<Metric['value']>('NaN', 'Infinity', '-Infinity', 0, 0.1, -5e-324, 1.7976931348623157e308),
});
type Given = { key: string; step: number; time: number; value: Metric['value'] };

/** NaN comes after every number. */
const order = (a: Given, b: Given): number => {
  const value = (m: Given): number => (m.value === 'NaN' ? Infinity : Number(m.value));
  const nan = (m: Given): number => (m.value === 'NaN' ? 1 : 0);
  if (a.step !== b.step) return a.step - b.step;
  if (a.time !== b.time) return a.time - b.time;
  if (nan(a) !== nan(b)) return nan(a) - nan(b);
  return value(a) === value(b) ? 0 : value(a) < value(b) ? -1 : 1;
};
/** A run's history as it has to come out: each point once, in order. */
const historyOf = (all: readonly Given[], key: string): Given[] => {
  const unique = new Map(all.filter((m) => m.key === key).map((m) => [JSON.stringify([m.step, m.time, m.value]), m]));
  return [...unique.values()].sort(order);
};

test('the latest point of a key is the same in whatever order and parts the points come', () => {
  fc.assert(
    fc.property(fc.array(aMetric, { minLength: 1 }), (metrics) => {
      const points = metrics.map((metric) => pointOf(metric, 0));
      const latest = (some: readonly MetricPoint[]) =>
        new Set(latestOf(some).map((p) => JSON.stringify([p.key, p.step, p.time, realOf(p)])));
      const expected = ['a', 'b'].flatMap((key) => historyOf(metrics, key).slice(-1));
      assert.deepEqual(latest(points), new Set(expected.map((m) => JSON.stringify([m.key, m.step, m.time, m.value]))));
      const half = Math.floor(points.length / 2);
      assert.deepEqual(latest([...latestOf(points.slice(half)), ...latestOf(points.slice(0, half))]), latest(points));
    }),
  );
});

for (const [name, start] of Object.entries(databases)) {
  describe(`metrics on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    });
    after(() => ground.stop());

    test('a run keeps each point once, and tells the latest, in whatever batches they come', async () => {
      const { actor } = ground;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(aMetric, { maxLength: 6 }), { maxLength: 4 }),
          fc.integer({ min: 1, max: 5 }),
          async (batches, limit) => {
            const { id } = await tracking.runs.start(actor, {});
            await Promise.all(batches.map((metrics) => tracking.runs.log(actor, id, { metrics })));
            const { metrics } = await tracking.runs.get(actor.project, id);
            for (const key of ['a', 'b']) {
              const expected = historyOf(batches.flat(), key);
              const found = [];
              let cursor: string | null | undefined;
              do {
                const page = await tracking.runs.history(actor.project, id, { key, limit, ...(cursor && { cursor }) });
                found.push(...page.items);
                cursor = page.nextCursor;
              } while (cursor);
              assert.deepEqual(
                found,
                expected.map(({ value, step, time }) => ({ value, step, time })),
              );
              assert.equal(metrics[key], expected.at(-1)?.value);
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    test('ten thousand points are one batch', async () => {
      const { actor } = ground;
      const { id } = await tracking.runs.start(actor, {});
      const metrics = Array.from({ length: 10_000 }, (_, i) => ({ key: `m${i % 3}`, value: i, step: i, time: 0 }));
      await tracking.runs.log(actor, id, { metrics });
      assert.deepEqual((await tracking.runs.get(actor.project, id)).metrics, { m0: 9999, m1: 9997, m2: 9998 });
      await assert.rejects(tracking.runs.history(actor.project, id, { key: 'm0', limit: 1, cursor: 'x' }), { reason: 'unknown_cursor' });
    });
  });
}
