import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trainTextClassifier } from '../train-text-classifier.ts';
import type { TextTrainingOptions } from '../training-options.ts';
import { stratifiedFolds } from './folds.ts';
import { createRandom } from './random.ts';

test('every row is held out once, and folds have their share of rows and of each label', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5, max: 40 }), { minLength: 2, maxLength: 5 }), fc.nat(), (counts, seed) => {
      const labels = counts.map((_, label) => `${label}`);
      const classes = Int32Array.from(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));
      const foldOf = stratifiedFolds(classes, { folds: 5, seed, labels });
      assert.deepEqual(foldOf, stratifiedFolds(classes, { folds: 5, seed, labels }));
      const spread = (rows: readonly number[]): void => {
        const sizes = Array.from({ length: 5 }, (_, fold) => rows.filter((row) => foldOf[row] === fold).length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join(' '));
      };
      spread([...classes.keys()]);
      for (const label of classes) spread([...classes.keys()].filter((row) => classes[row] === label));
    }),
    { numRuns: 30 },
  );
});

/** Two words tell the label, in four of five rows; the others are noise. */
const noisy = (count: number) => {
  const random = createRandom(9);
  const below = (n: number): number => Math.floor((random() / 2 ** 32) * n);
  const labels = Array.from({ length: count }, () => ['bad', 'good'][below(2)]!);
  const texts = labels.map((label) => {
    const told = below(5) === 0 ? ['bad', 'good'][below(2)]! : label;
    return [told === 'bad' ? 'late' : 'thanks', ...Array.from({ length: 8 }, () => `word${below(300)}`)].join(' ');
  });
  return { texts, labels };
};
const rows = noisy(600);
const options: TextTrainingOptions = { approach: 'logistic-regression', seed: 4, ngrams: [1, 1] };

test('C is chosen where rows held out are predicted best, and its curve is told', async () => {
  const curve: [number, number][] = [];
  const log: string[] = [];
  const metric = (name: string, value: number, step: number): void => {
    if (name === 'cv_log_loss') curve.push([step, value]);
  };
  const values = [100, 0.0001, 0.5];
  const chosen = await trainTextClassifier(rows, { ...options, chooseC: { values } }, { metric, log: (line) => log.push(line) });
  assert.deepEqual(
    curve.map(([step]) => step),
    [0, 1, 2],
  );
  const losses = curve.map(([, loss]) => loss);
  assert.ok(losses[1]! < losses[0]! && losses[1]! < losses[2]!, losses.join(' '));
  assert.ok(log.includes('C 0.5 is chosen by log-loss'), log.join('\n'));
  const given = await trainTextClassifier(rows, { ...options, C: 0.5 });
  assert.deepEqual(await chosen.predict(rows.texts.slice(0, 20)), await given.predict(rows.texts.slice(0, 20)));
});

test('calibrated probabilities come true more often as they say', async () => {
  const [train, judge] = [
    { texts: rows.texts.slice(0, 400), labels: rows.labels.slice(0, 400) },
    { texts: rows.texts.slice(400), labels: rows.labels.slice(400) },
  ];
  // Fitted too closely, hence far too sure of itself.
  const lossWith = async (calibration: Partial<TextTrainingOptions>): Promise<number> => {
    const trained = await trainTextClassifier(train, { ...options, C: 1000, ...calibration });
    const predictions = await trained.predict(judge.texts);
    return predictions.reduce((sum, { scores }, i) => sum - Math.log(scores[trained.labels.indexOf(judge.labels[i]!)]! + 1e-3), 0);
  };
  const plain = await lossWith({});
  for (const calibration of ['platt', 'isotonic'] as const) assert.ok((await lossWith({ calibration })) < 0.8 * plain, calibration);
});

test('a label of fewer rows than folds is refused with advice', async () => {
  const few = { texts: [...rows.texts, 'rare text'], labels: [...rows.labels, 'rare'] };
  for (const more of [{ calibration: 'platt' }, { chooseC: {} }] as const) {
    await assert.rejects(trainTextClassifier(few, { ...options, ...more }), {
      reason: 'too_few_rows',
      message: /1 rows have the label "rare".*lower folds/,
    });
  }
});
