import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { databases } from '../../testing/databases.ts';
import { type Asked, layMonitorGround, type MonitorGround } from '../../testing/monitor-ground.ts';

const minute = 60_000;
const hour = 60 * minute;
const random = createRandom(11);
const other = (label: string): string => (label === 'negative' ? 'other' : 'negative');
const asked = (count: number): Asked[] =>
  Array.from({ length: count }, () => ({
    inputs: { delay: random.uniform() },
    label: random.uniform() < 0.3 ? 'negative' : 'other',
    score: 0.7 + 0.3 * random.uniform(),
    latencyMs: 5 + 10 * random.uniform(),
  }));

for (const [name, start] of Object.entries(databases)) {
  describe(`labels on ${name}`, () => {
    let ground: MonitorGround;
    before(async () => {
      ground = await layMonitorGround(start);
      // Calibrated: a score of 0.8 is right 8 times in 10.
      const judged = asked(3000).map(({ label, score }) => ({ label, score, actual: random.uniform() < score! ? label! : other(label!) }));
      const columns = [
        { name: 'label', type: 'text' },
        { name: 'score', type: 'float' },
        { name: 'actual', type: 'text' },
      ] as const;
      ground.tables = { training: null, evaluation: await ground.store(judged, columns) };
      const drift = { columns: ['prediction', 'confidence', 'delay'], falseAlarms: '1 a month' };
      const because = 'a test';
      await ground.declare(
        { drift },
        {
          right: { metric: 'accuracy', target: { atLeast: 0.75 }, because },
          caught: { metric: 'recall', of: 'negative', target: { atLeast: 0.95 }, because },
          fast: { metric: 'latency_p95_ms', target: { atMost: 100 }, because },
        },
      );
    });
    after(() => ground.stop());
    const newest = async () => {
      const { items } = await ground.windows.windows(ground.actor, 'watch', { limit: 1, version: 'latest' });
      return ground.windows.window(ground.actor, items[0]!.id);
    };

    test('without labels performance is estimated, and no KPI of labels is judged', async () => {
      const predictions = await ground.predict(asked(800));
      await ground.pass(hour + 6 * minute);
      const window = await newest();
      const accuracy = window.estimates.find(({ metric }) => metric === 'accuracy')!;
      assert.ok(Math.abs(accuracy.value! - 0.85) < 0.03, String(accuracy.value));
      assert.deepEqual([accuracy.actual, accuracy.heldUp], [null, null]);
      assert.deepEqual(
        window.kpis.map(({ kpi, verdict }) => [kpi, verdict]),
        [
          ['right', 'unsure'],
          ['caught', 'unsure'],
          ['fast', 'met'],
        ],
      );
      assert.match(window.kpis[0]!.why!, /no labels/);

      await ground.label(predictions, ({ outputs }) => {
        const { label, score } = outputs as { label: string; score: number };
        return random.uniform() < score ? label : other(label);
      });
      await ground.pass(6 * minute);
    });

    test('labels that come later make a new version, score the estimate and decide on KPIs', async () => {
      const window = await newest();
      assert.deepEqual([window.version, window.labelled], [2, 800]);
      const accuracy = window.estimates.find(({ metric }) => metric === 'accuracy')!;
      assert.equal(accuracy.heldUp, true);
      assert.deepEqual(
        window.kpis.map(({ verdict }) => verdict),
        ['met', 'missed', 'met'],
      );
      const [missed, ...more] = await ground.newsOf('kpi.missed');
      assert.deepEqual([missed!.kpi, missed!.version, missed!.target, more.length], ['caught', 2, 0.95, 0]);
      assert.deepEqual(window.drifted, []);
      const { estimates } = await ground.windows.get(ground.actor, 'watch');
      assert.deepEqual([estimates.scored, estimates.heldUp], [1, 1]);
      const [point] = await ground.windows.performance(ground.actor, 'watch', { metric: 'accuracy', limit: 10 });
      assert.deepEqual([point!.labelled, point!.value, point!.estimate?.value], [800, accuracy.actual!.value, accuracy.value]);
    });

    test('a change of mind replaces what was said, and is not counted beside it', async () => {
      const before = await newest();
      const { performance } = before;
      const [prediction] = await ground.predict(asked(1));
      await ground.label([prediction!], () => 'negative');
      await ground.label([prediction!], () => 'other');
      await ground.pass(hour);
      const window = await newest();
      assert.equal(window.labelled, 1);
      assert.deepEqual(window.performance[0]!.confusion.labels.at(-1), 'other');
      assert.equal(performance[0]!.labelled, 800);
    });

    test('a model that errs more than on its evaluation has drifted, though nothing it sees has changed', async () => {
      const predictions = await ground.predict(asked(600));
      await ground.label(predictions, ({ outputs }) => {
        const { label } = outputs as { label: string };
        return random.uniform() < 0.6 ? label : other(label);
      });
      await ground.pass(hour);
      const window = await newest();
      assert.deepEqual(window.drifted, ['errors']);
      assert.equal(window.estimates.find(({ metric }) => metric === 'accuracy')!.heldUp, false);
      const [found] = await ground.newsOf('drift.found');
      assert.deepEqual(
        found!.columns.map(({ column }) => column),
        ['errors'],
      );
    });

    test('an input that no table tells of takes its first windows as reference, and says so', async () => {
      const window = await newest();
      const delay = window.columns.find(({ column }) => column === 'delay')!;
      assert.deepEqual([delay.verdict, delay.reference], ['none', 'first windows']);
      const first = (await ground.windows.windows(ground.actor, 'watch', { limit: 50, version: 'all' })).items.at(-1)!;
      const { columns } = await ground.windows.window(ground.actor, first.id, 1);
      assert.match(columns.find(({ column }) => column === 'delay')!.why!, /not known here: its first windows become the reference/);
    });

    test('a few rows have no verdict of their own: they and their budget go to the next window', async () => {
      await ground.predict(asked(30));
      await ground.pass(hour);
      const few = await newest();
      assert.ok(few.columns.every(({ verdict, why }) => verdict === 'not testable' && /they count with the next window/.test(why!)));
      await ground.predict(asked(40));
      await ground.pass(hour);
      const next = await newest();
      assert.deepEqual([next.rows, next.budget!.joined, next.columns[0]!.rows.current], [40, 1, 70]);
      assert.ok(Math.abs(next.budget!.alpha - 2 * few.budget!.alpha) < 1e-9);
    });

    test('a fault of the data blocks retraining, and is no drift', async () => {
      await ground.predict(asked(200).map((one) => ({ ...one, inputs: { delay: random.uniform() < 0.5 ? null : 3 * random.uniform() } })));
      await ground.pass(hour);
      const window = await newest();
      assert.ok(window.quality.some(({ column, fault, isFault }) => column === 'delay' && fault === 'missing' && isFault));
      assert.equal(window.columns.find(({ column }) => column === 'delay')!.verdict, 'faulty');
      assert.deepEqual(window.drifted, []);
      assert.equal(await ground.windows.qualityBlocks(ground.actor.project, 'sentiment'), true);
      assert.equal((await ground.newsOf('quality.failed')).length, 1);
      await ground.predict(asked(200));
      await ground.pass(hour);
      assert.equal(await ground.windows.qualityBlocks(ground.actor.project, 'sentiment'), false);
    });
  });
}
