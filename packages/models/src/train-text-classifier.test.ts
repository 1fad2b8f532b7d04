import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trainTextClassifier } from './train-text-classifier.ts';
import type { TextTrainingOptions } from './training-options.ts';

const options: TextTrainingOptions = { approach: 'logistic-regression', seed: 7, minDf: 1, eps: 1e-8 };
const texts = ['late late flight again', 'thanks for the flight', 'again a late flight, thanks', 'lost bag'];
const rows = { texts, labels: ['negative', 'positive', 'negative', 'negative'] };
const three = { texts: [...texts, 'great crew', 'great snack and crew'], labels: ['neg', 'pos', 'neg', 'neg', 'great', 'great'] };
const unseen = 'late late flight, thanks for nothing';

const near = (actual: readonly number[] | undefined, expected: readonly number[]): void => {
  assert.equal(actual?.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(actual![i]! - value) < 1e-7, `${actual![i]} is not ${value}`));
};

test('probabilities are those of scikit-learn 1.9 with liblinear', async () => {
  const [first, empty] = await (await trainTextClassifier(rows, { ...options, C: 2 })).predict([unseen, '']);
  near(first?.scores, [0.6833460745360753, 0.3166539254639246]);
  near(empty?.scores, [0.6368933931643025, 0.3631066068356975]);
  assert.equal(first?.label, 'negative');
  assert.equal(first.score, first.scores[0]);
});

test('so are those of one label against the rest', async () => {
  const trained = await trainTextClassifier(three, options);
  assert.deepEqual(trained.labels, ['great', 'neg', 'pos']);
  const predictions = await trained.predict([unseen, 'great flight', '']);
  near(predictions[0]?.scores, [0.25075969007050875, 0.4877613095186984, 0.2614790004107929]);
  near(predictions[1]?.scores, [0.37281418357176715, 0.3819368371122544, 0.24524897931597836]);
  near(predictions[2]?.scores, [0.3333272214466276, 0.403287976735264, 0.2633848018181084]);
  assert.deepEqual(
    predictions.map(({ label }) => label),
    ['neg', 'neg', 'neg'],
  );
});

test('a text is answered the same alone and among others, and probabilities sum to 1', async () => {
  const trained = await trainTextClassifier(three, options);
  const word = fc.constantFrom('late', 'flight', 'crew', 'great', 'unknown', '😀', '');
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
        { maxLength: 8 },
      ),
      async (drawn) => {
        const together = await trained.predict(drawn);
        assert.deepEqual(together, (await Promise.all(drawn.map((text) => trained.predict([text])))).flat());
        for (const { scores } of together) assert.ok(Math.abs(scores.reduce((a, b) => a + b) - 1) < 1e-12);
      },
    ),
  );
});

test('progress only grows, from nothing to all', async () => {
  const steps: number[] = [];
  await trainTextClassifier(three, options, { progress: (done, total) => steps.push(done / total) });
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), 1);
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
  assert.ok(steps.length > 10);
});

test('with two labels each epoch tells its loss, with more each label', async () => {
  const seen: [string, number][] = [];
  const log: string[] = [];
  const hooks = {
    metric: (name: string, value: number, step: number) => void (assert.ok(value > 0), seen.push([name, step])),
    log: (line: string) => void log.push(line),
  };
  await trainTextClassifier(rows, options, hooks);
  assert.deepEqual(
    seen,
    seen.map((_, i) => ['train_loss', i + 1]),
  );
  assert.match(log[0]!, /^17 terms from 4 texts, 2 labels$/);
  assert.match(log[1]!, new RegExp(`^"positive": ${seen.length} epochs`));
  seen.length = 0;
  await trainTextClassifier(three, options, hooks);
  assert.deepEqual(seen, [
    ['train_loss', 1],
    ['train_loss', 2],
    ['train_loss', 3],
  ]);
});

test('a training stopped by maxEpochs says so', async () => {
  const log: string[] = [];
  await trainTextClassifier(rows, { ...options, maxEpochs: 1 }, { log: (line) => log.push(line) });
  assert.match(log.at(-1)!, /1 epochs.*stopped by maxEpochs/);
});

test('training hears its signal, before it begins and between epochs', async () => {
  const reason = new Error('the step was cancelled');
  await assert.rejects(trainTextClassifier(rows, options, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  let epochs = 0;
  const metric = (): void => {
    if (++epochs === 2) controller.abort(reason);
  };
  await assert.rejects(trainTextClassifier(rows, options, { signal: controller.signal, metric }), reason);
  assert.equal(epochs, 2);
});

test('others have their turn while it trains', async () => {
  let turns = 0;
  let training = true;
  const takeTurns = (): void => {
    turns++;
    if (training) setImmediate(takeTurns);
  };
  takeTurns();
  const many = {
    texts: Array.from({ length: 20_000 }, (_, i) => `${texts[i % 4]} ${i % 977}`),
    labels: Array.from({ length: 20_000 }, (_, i) => rows.labels[i % 4]!),
  };
  await trainTextClassifier(many, options);
  training = false;
  assert.ok(turns > 10, `${turns} turns`);
});

test('a weight for its label draws a doubtful text to it', async () => {
  const scoreWith = async (classWeight: Readonly<Record<string, number>> | 'balanced') =>
    (await (await trainTextClassifier(rows, { ...options, classWeight })).predict([unseen]))[0]!.scores[1]!;
  const plain = await scoreWith({});
  assert.ok((await scoreWith({ positive: 3 })) > plain);
  // One row of four is positive, so balance gives it 2 and the others 2/3.
  assert.equal(await scoreWith('balanced'), await scoreWith({ positive: 2, negative: 4 / 6 }));
});

test('maxFeatures keeps the terms that occur most', async () => {
  const log: string[] = [];
  await trainTextClassifier(rows, { ...options, maxFeatures: 2 }, { log: (line) => log.push(line) });
  assert.match(log[0]!, /^2 terms/);
});

const refusals = [
  ['no rows', { texts: [], labels: [] }, 'no_rows', /no rows/],
  ['unequal lengths', { texts: ['a'], labels: [] }, 'unequal_lengths', /1 texts and 0 labels/],
  ['one label for all', { texts: ['aa', 'bb'], labels: ['x', 'x'] }, 'single_label', /Every row has the label "x"/],
  ['a null label', { texts: ['aa', 'bb', 'cc'], labels: ['x', null, 'y'] }, 'missing_label', /Row 1 .*has no label/],
  ['a NaN label', { texts: ['aa', 'bb', 'cc'], labels: ['x', 'y', NaN] }, 'missing_label', /Row 2 .*has no label/],
  ['an empty label', { texts: ['aa', 'bb'], labels: ['', 'y'] }, 'missing_label', /Row 0 .*has no label/],
  ['a number for a label', { texts: ['aa', 'bb'], labels: ['x', 3] }, 'wrong_type', /Row 1 .*has the label 3; labels are text/],
  ['a null text', { texts: ['aa', null], labels: ['x', 'y'] }, 'missing_text', /Row 1 .*has no text/],
  ['a label like a text', { texts: ['aa', 'bb'], labels: ['x', 'y'.repeat(1001)] }, 'label_too_long', /1001 characters/],
  [
    'an id for a label',
    { texts: Array.from({ length: 1001 }, () => 'aa'), labels: Array.from({ length: 1001 }, (_, i) => `${i}`) },
    'too_many_labels',
    /1001 different values.*id or a number/,
  ],
  ['empty texts', { texts: ['', '!', 'a'], labels: ['x', 'y', 'x'] }, 'empty_vocabulary', /No text holds a word/],
] as const;
for (const [what, bad, reason, message] of refusals) {
  test(`${what} is refused with advice`, async () => {
    await assert.rejects(trainTextClassifier(bad as unknown as typeof rows, options), { code: 'invalid_request', reason, message });
  });
}

test('words that are all rare are refused with advice', async () => {
  await assert.rejects(trainTextClassifier({ texts: ['aa', 'bb'], labels: ['x', 'y'] }, { ...options, minDf: 2 }), {
    reason: 'empty_vocabulary',
    message: /lower minDf/,
  });
});

test('options that make no sense are refused by name', async () => {
  const bad: Record<string, unknown>[] = [
    { C: 0 },
    { C: NaN },
    { C: Infinity },
    { eps: 0 },
    { seed: -1 },
    { seed: 0.5 },
    { minDf: 0 },
    { maxFeatures: 0 },
    { maxEpochs: 0 },
    { minDf: 1.5 },
    { minDf: -0.1 },
    { maxDf: 0 },
    { maxDf: NaN },
    { ngrams: [2, 1] },
    { ngrams: [0, 1] },
    { ngrams: [1, 21] },
    { ngrams: [1.5, 2] },
    { ngrams: 2 },
    { analyzer: 'words' },
    { penalty: 'l3' },
    { penalty: 'l1', multiclass: 'softmax' },
    { multiclass: 'ovr' },
    { calibration: 'none' },
    { folds: 1 },
    { 'chooseC.values': 0, chooseC: { values: [] } },
    { 'chooseC.values': 0, chooseC: { values: [1, 0] } },
    { 'chooseC.by': 0, chooseC: { by: 'f1' } },
    { C: 1, chooseC: {} },
  ];
  for (const option of bad) {
    await assert.rejects(trainTextClassifier(rows, { ...options, ...option }), {
      code: 'invalid_request',
      reason: 'bad_option',
      message: new RegExp(Object.keys(option)[0]!),
    });
  }
  await assert.rejects(trainTextClassifier(rows, { ...options, approach: 'svm' as 'logistic-regression' }), {
    reason: 'unknown_approach',
  });
  await assert.rejects(trainTextClassifier(rows, { ...options, classWeight: { angry: 2 } }), { reason: 'bad_option', message: /"angry"/ });
  await assert.rejects(trainTextClassifier(rows, { ...options, classWeight: { negative: 0 } }), {
    reason: 'bad_option',
    message: /"negative"/,
  });
});

test('more weights than fit are refused before they are made', async () => {
  const many = {
    texts: Array.from({ length: 1000 }, (_, i) => Array.from({ length: 60 }, (__, j) => `w${i}x${j}`).join(' ')),
    labels: Array.from({ length: 1000 }, (_, i) => `l${i}`),
  };
  await assert.rejects(trainTextClassifier(many, options), {
    code: 'too_large',
    reason: 'too_many_weights',
    message: /set maxFeatures to 50000 or less/,
  });
});

test('characters, n-grams and shares of texts are options', async () => {
  const log: string[] = [];
  const learn = async (more: Partial<TextTrainingOptions>) =>
    (await trainTextClassifier(rows, { ...options, ...more }, { log: (line) => log.push(line) })).predict(['flights, thanked']);
  await learn({ ngrams: [1, 3], maxDf: 0.5 });
  // 7 words, 10 pairs and 6 triples less `flight`, which three of four texts hold.
  assert.match(log[0]!, /^22 terms/);
  for (const analyzer of ['char', 'char_wb'] as const) {
    const [byCharacters] = await learn({ analyzer, ngrams: [2, 4], minDf: 0.3 });
    assert.equal(byCharacters?.label, 'negative');
  }
});
