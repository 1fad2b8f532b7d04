import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type, compare, defineDataset, definePipeline, expect, split, trainText, validate } from './index.ts';
import { training, tweets } from '../test/airline/boucle.config.ts';
import { bare, clean } from '../test/airline/steps/clean.ts';

test('a pipeline is plain data, in an order that can be run', () => {
  const plan = JSON.parse(JSON.stringify(training.plan));
  const step = (id: string) => plan.steps.find((s: { id: string }) => s.id === id);
  assert.deepEqual(
    plan.steps.map((s: { id: string }) => s.id),
    ['validate', 'clean', 'split', 'C-0.3', 'C-1', 'C-3', 'compare', 'evaluate', 'register'],
  );
  assert.deepEqual(step('split').params, {
    stratify: { value: 'label' },
    validation: { value: 0.1 },
    test: { value: 0.2 },
    seed: { from: 'param', name: 'seed' },
  });
  assert.deepEqual(
    step('compare').inputs.candidates.map((r: { id: string }) => r.id),
    ['C-0.3', 'C-1', 'C-3'],
  );
  assert.deepEqual(step('register').code, { effect: 'register' });
  assert.deepEqual(plan.outputs.version, { from: 'step', id: 'register', output: 'version' });
});

test('what does not fit does not compile', () => {
  const numbers = defineDataset('numbers', { source: 'x.csv', columns: { x: Type.Number() } });
  // @ts-expect-error a misspelt column
  void (() => defineDataset('t', { source: 'x.csv', columns: { text: Type.String() }, expect: [expect.notNull('txt')] }));
  void (() =>
    definePipeline('wrong', { inputs: { numbers, tweets }, params: { rate: Type.Number() } }, ({ numbers, tweets, rate }) => {
      // @ts-expect-error a table without the columns that the step reads
      clean({ tweets: numbers });
      // @ts-expect-error an input left out
      clean({ minLength: 1 });
      // @ts-expect-error a parameter that does not exist
      clean({ tweets, maxLength: 1 });
      const { tweets: labelled } = clean({ tweets });
      // @ts-expect-error an approach that does not exist
      trainText({ train: labelled, validation: labelled, approach: 'svm', seed: 1 });
      // @ts-expect-error rows that have no label yet
      trainText({ train: tweets, validation: tweets, approach: 'logistic-regression', seed: 1 });
      // @ts-expect-error an expectation on a column that these rows do not have
      validate({ data: numbers, suite: [expect.notNull('text')] });
      // @ts-expect-error data where models are wanted
      compare({ candidates: [labelled], data: labelled, by: 'f1' });
      // @ts-expect-error a text where a number is wanted
      split({ data: labelled, seed: 'seven' });
      // @ts-expect-error stratified by a column that is not there
      split({ data: labelled, stratify: 'mood', seed: 1 });
      split({ data: labelled, seed: rate });
    }));
});

test('a step runs by itself, on plain rows, and rows keep their identity', async () => {
  assert.equal(bare('@united late AGAIN http://t.co/x'), 'late AGAIN');
  const written: unknown[] = [];
  const append = async (rows: readonly unknown[]) => void written.push(...rows);
  const out = { tweets: { append, appendNew: append, select: async () => {} } };
  const batches = async function* () {
    yield [
      { _row: 'a', text: '@a ok', mood: 'neutral' as const },
      { _row: 'b', text: '@a late again', mood: 'negative' as const },
    ];
  };
  const nothing = () => {};
  await clean.run(
    { tweets: { path: '', batches }, minLength: 3 },
    { out, random: () => 0, secret: () => '', signal: new AbortController().signal, log: nothing, progress: nothing, metric: nothing },
  );
  assert.deepEqual(written, [{ _row: 'b', text: 'late again', label: 'negative' }]);
});

test('a step called outside a pipeline says what to do', () => {
  assert.throws(() => clean({ tweets: { ref: { from: 'input', name: 'tweets' } } }), /inside definePipeline/);
});

test('two steps cannot share a given name', () => {
  assert.throws(
    () =>
      definePipeline('twice', { inputs: { tweets } }, ({ tweets }) => {
        clean({ tweets }, { name: 'a' });
        clean({ tweets }, { name: 'a' });
      }),
    /Two steps are named "a"/,
  );
});
