import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge.ts';

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
  assert.deepEqual(Object.keys(intervals).toSorted(), ['accuracy', 'precision_bad', 'precision_good', 'recall_bad', 'recall_good']);
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
