import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CalibrationModel } from '@boucle/statistics';
import { loadModel, warmUp } from '../package/load-model.ts';
import { trainTextClassifier } from '../train-text-classifier.ts';
import type { LogisticOptions } from './logistic-options.ts';
import { readCalibration } from './calibration-file.ts';

const texts = ['late late flight', 'thanks crew', 'again\na late flight', 'great crew', 'lost bag', 'my bag is lost 😀'];
const rows = {
  texts: [...texts, ...texts],
  labels: ['bad', 'good', 'bad', 'good', 'lost', 'lost', 'bad', 'good', 'bad', 'good', 'lost', 'lost'],
};
const unseen = ['a great flight', '', 'BAG\n\n lost', '\ud83d'];

let base: string;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'boucle-logistic-'));
});
after(() => rm(base, { recursive: true }));

const kinds: readonly Partial<LogisticOptions>[] = [
  { ngrams: [1, 3], multiclass: 'softmax' },
  { analyzer: 'char', ngrams: [1, 3], calibration: 'platt', folds: 2 },
  { analyzer: 'char_wb', ngrams: [3, 5], calibration: 'isotonic', folds: 4, penalty: 'l1', C: 10 },
  { chooseC: { values: [1, 3], by: 'accuracy' }, folds: 3, sublinearTf: true },
];
const saved = async (options: Partial<LogisticOptions>, folder: string) => {
  const trained = await trainTextClassifier(rows, { approach: 'logistic-regression', seed: 1, ...options });
  await trained.save(folder, { inputExample: { text: texts } });
  return trained;
};

for (const [i, options] of kinds.entries()) {
  test(`a model trained with ${JSON.stringify(options)} answers from its package to the bit`, async () => {
    const folder = join(base, `${i}`);
    const trained = await saved(options, folder);
    const model = await loadModel(folder);
    await warmUp(model);
    const { probabilities } = await model.predict({ text: unseen });
    assert.deepEqual(
      probabilities,
      (await trained.predict(unseen)).map(({ scores }) => scores),
    );
  });
}

test('how C was chosen is told in the package', async () => {
  const folder = join(base, 'chosen');
  await saved({ chooseC: { values: [3, 1] }, folds: 2 }, folder);
  const { flavors } = JSON.parse(await readFile(join(folder, 'MLmodel'), 'utf8')) as {
    flavors: { boucle: { config: { choice: { C: number; curve: { C: number; logLoss: number }[] } } } };
  };
  const { C, curve } = flavors.boucle.config.choice;
  assert.deepEqual(
    curve.map((tried) => tried.C),
    [1, 3],
  );
  assert.equal(curve.toSorted((a, b) => a.logLoss - b.logLoss)[0]!.C, C);
});

test('what a package says of its terms is not believed', async () => {
  const folder = join(base, 'characters');
  await saved({ analyzer: 'char', ngrams: [1, 2] }, folder);
  const path = join(folder, 'MLmodel');
  const mlModel = await readFile(path, 'utf8');
  for (const [from, to] of [
    ['"analyzer": "char"', '"analyzer": "chars"'],
    ['"analyzer": "char"', '"analyzer": "word"'],
    [/"ngrams": \[\s*1,\s*2/, '"ngrams": [1, 20000000'],
    [/"ngrams": \[\s*1,\s*2/, '"ngrams": [1, 1'],
  ] as const) {
    await writeFile(path, mlModel.replace(from, to));
    assert.notEqual(await readFile(path, 'utf8'), mlModel);
    await assert.rejects(loadModel(folder), { reason: 'damaged_package' });
  }
});

test('a calibration that is not one is refused', () => {
  const labels = ['a', 'b'];
  const isotonic = { kind: 'isotonic', scores: [0, 1], values: [0.2, 0.9] } as const;
  const whole: CalibrationModel = { kind: 'calibration', method: 'isotonic', labels, curves: [isotonic] };
  assert.equal(readCalibration(whole, labels), whole);
  assert.ok(readCalibration({ ...whole, curves: [{ kind: 'platt', slope: -1, offset: 0 }] }, labels));
  for (const bad of [
    null,
    [],
    { ...whole, labels: ['a', 'c'] },
    { ...whole, curves: [] },
    { ...whole, curves: [isotonic, isotonic] },
    { ...whole, curves: [null] },
    { ...whole, curves: [{ kind: 'platt', slope: '1', offset: 0 }] },
    { ...whole, curves: [{ kind: 'spline' }] },
    { ...whole, curves: [{ ...isotonic, scores: [] }] },
    { ...whole, curves: [{ ...isotonic, scores: [1, 0] }] },
    { ...whole, curves: [{ ...isotonic, values: [0.9, 0.2] }] },
    { ...whole, curves: [{ ...isotonic, values: [0.9, 1.2] }] },
    { ...whole, curves: [{ ...isotonic, values: [-0.1, 1] }] },
  ]) {
    assert.throws(() => readCalibration(bad, labels), { reason: 'damaged_package' }, JSON.stringify(bad));
  }
});
