import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { createRandom } from '@boucle/statistics';
import { detailsOf } from './details.ts';
import { judge } from './judge.ts';
import { Details } from './report.ts';

const two = {
  actual: ['bad', 'bad', 'good', 'good'],
  predicted: ['bad', 'good', 'good', 'good'],
  probabilities: [
    [0.9, 0.1],
    [0.4, 0.6],
    [0.2, 0.8],
    [0.1, 0.9],
  ],
  labels: ['bad', 'good'],
  positive: '',
};

test('metrics have plain names, shares have intervals', () => {
  const { metrics, intervals, confusion, rows } = judge(two);
  assert.equal(rows, 4);
  assert.equal(metrics['accuracy'], 0.75);
  assert.equal(metrics['recall_bad'], 0.5);
  assert.equal(metrics['precision_good'], 2 / 3);
  assert.equal(metrics['roc_auc'], 1);
  assert.ok(metrics['log_loss']! > 0 && metrics['brier']! > 0);
  assert.deepEqual(confusion, [
    [1, 1],
    [0, 2],
  ]);
  for (const name of ['accuracy', 'precision_bad', 'recall_good', 'f1_bad', 'f1_macro', 'log_loss']) assert.ok(name in intervals, name);
  assert.ok(!('roc_auc' in intervals), 'rows that are apart entirely say nothing of how sure that is');
  const [low, high] = intervals['accuracy']!;
  assert.ok(low < 0.75 && 0.75 < high);
});

test('a label that is looked for adds how well rows are ranked by it', () => {
  assert.equal(judge({ ...two, positive: 'bad' }).metrics['average_precision'], 1);
  assert.throws(() => judge({ ...two, positive: 'ugly' }), { reason: 'unknown_label', message: /bad, good/ });
});

test('a label that the model never saw counts as missed, and leaves no loss', () => {
  const { metrics, labels } = judge({ ...two, actual: ['bad', 'bad', 'good', 'ugly/very'] });
  assert.deepEqual(labels, ['bad', 'good', 'ugly/very']);
  assert.equal(metrics['recall_ugly_very'], 0);
  assert.ok(!('log_loss' in metrics));
});

test('no rows give no metrics, and no NaN', () => {
  const { metrics, intervals, rows } = judge({ ...two, actual: [], predicted: [], probabilities: [] });
  assert.deepEqual([rows, metrics, intervals], [0, {}, {}]);
});

test('what the metrics rest on is of bounded size, and passes its schema', () => {
  const rows = 20_000;
  const random = createRandom(1);
  const labels = Array.from({ length: 8 }, (_, i) => `label ${i}`);
  const actual = Array.from({ length: rows }, () => labels[random.integer(8)]!);
  const probabilities = actual.map((label) => {
    const odds = labels.map((one) => random.uniform() + (one === label ? 0.5 : 0));
    const total = odds.reduce((a, b) => a + b, 0);
    return odds.map((x) => x / total);
  });
  const predicted = probabilities.map((row) => labels[row.indexOf(Math.max(...row))]!);
  const texts = actual.map((_, i) => `the flight number ${i} was ${i % 3 === 0 ? 'not' : 'very'} late`);
  const columns = { text: texts, gate: actual.map((_, i) => `gate ${i % 40}`), hour: actual.map((_, i) => i % 24) };
  const { evaluation } = judge({ actual, predicted, probabilities, labels, positive: 'label 1', columns, fairFor: ['gate'] });
  const details = detailsOf(evaluation);
  assert.ok(Value.Check(Details, details));
  assert.ok(JSON.stringify(details).length < 60_000, `${JSON.stringify(details).length}`);
  assert.ok(details.slices.length > 20 && details.search.tried > 100 && details.fairness.length === 1);
});

test('groups are compared by a label that is named', () => {
  assert.throws(() => judge({ ...two, columns: { sex: ['f', 'm', 'f', 'm'] }, fairFor: ['sex'] }), { reason: 'positive_missing' });
});
