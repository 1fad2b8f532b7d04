import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { databases } from '../../testing/databases.ts';
import { type Asked, layMonitorGround, type MonitorGround, type Row } from '../../testing/monitor-ground.ts';

const hour = 3600_000;
const random = createRandom(7);
const oneOf = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
const usualWords = ['late', 'flight', 'thank', 'you', 'crew', 'bag', 'lost', 'great', 'gate', 'seat', 'again', 'refund'];
const strikeWords = ['strike', 'pilots', 'union', 'picket', 'walkout'];
const textOf = (words: readonly string[]): string => Array.from({ length: 4 + random.integer(6) }, () => oneOf(words)).join(' ');
const usual = (): Row => ({ text: textOf(usualWords), delay: 10 + 3 * normal(), route: oneOf(['a', 'a', 'b', 'c']) });
const asked = (count: number, row: () => Row = usual): Asked[] =>
  Array.from({ length: count }, () => ({
    inputs: row(),
    label: oneOf(['negative', 'other', 'other']),
    score: 0.6 + 0.39 * random.uniform(),
  }));

for (const [name, start] of Object.entries(databases)) {
  describe(`windows on ${name}`, () => {
    let ground: MonitorGround;
    const layTables = async (): Promise<void> => {
      const training = await ground.store(Array.from({ length: 2000 }, usual), [
        { name: 'text', type: 'text' },
        { name: 'delay', type: 'float' },
        { name: 'route', type: 'text' },
      ]);
      const evaluation = await ground.store(
        asked(1000).map(({ label, score }) => ({
          label,
          score,
          actual: random.uniform() < score! ? label : label === 'other' ? 'negative' : 'other',
        })),
        [
          { name: 'label', type: 'text' },
          { name: 'score', type: 'float' },
          { name: 'actual', type: 'text' },
        ],
      );
      ground.tables = { training, evaluation };
    };
    const drift = { columns: ['text', 'delay', 'route', 'prediction', 'confidence'], falseAlarms: '1 a month' };
    const newest = async () => {
      const { items } = await ground.windows.windows(ground.actor, 'watch', { limit: 1, version: 'latest' });
      return ground.windows.window(ground.actor, items[0]!.id);
    };
    before(async () => {
      ground = await layMonitorGround(start);
      await layTables();
      await ground.declare({ drift });
    });
    after(() => ground.stop());

    test('a window like the reference closes without an alarm, and says how it was compared', async () => {
      await ground.predict(asked(300));
      await ground.pass(hour + 6 * 60_000);
      const window = await newest();
      assert.deepEqual([window.rows, window.version, window.drifted, window.faults], [300, 1, [], 0]);
      assert.deepEqual(
        window.columns.map(({ column, measure, verdict }) => [column, measure, verdict]),
        [
          ['text', 'length', 'none'],
          // No word is new here, nor was one in the reference.
          ['text', 'new words', 'not testable'],
          ['text', 'surprise', 'none'],
          ['delay', null, 'none'],
          ['route', null, 'none'],
          ['prediction', null, 'none'],
          ['confidence', null, 'none'],
        ],
      );
      assert.equal(window.traffic[0]!.requests, 300);
      const [closed] = await ground.newsOf('window.closed');
      assert.equal(closed!.rows, 300);
      assert.deepEqual(await ground.newsOf('drift.found'), []);
    });

    test('a strike is found in the words, a shift in the numbers, and told once', async () => {
      await ground.predict(asked(300, () => ({ ...usual(), text: textOf([...usualWords, ...strikeWords]), delay: 16 + 3 * normal() })));
      await ground.pass(hour);
      const window = await newest();
      assert.deepEqual(window.drifted, ['text', 'delay']);
      const words = window.columns.find(({ measure }) => measure === 'length')!.words.map(({ word }) => word);
      assert.ok(
        strikeWords.every((word) => words.includes(word)),
        words.join(' '),
      );
      const [found, ...more] = await ground.newsOf('drift.found');
      assert.deepEqual(more, []);
      assert.ok(found!.columns.every(({ pValue, effect }) => pValue < 0.001 && effect > 0.05));
    });
  });
}
