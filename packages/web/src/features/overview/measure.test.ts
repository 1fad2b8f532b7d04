import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureName, measures } from './measure.ts';

test('a metric tells on which rows it was measured', () => {
  assert.deepEqual(measureName('test.f1'), { name: 'f1', of: null, rows: 'test' });
  assert.deepEqual(measureName('validation_recall'), { name: 'recall', of: null, rows: 'validation' });
  assert.deepEqual(measureName('testosterone'), { name: 'testosterone', of: null, rows: null });
});

test('measures of test rows come before all others, the best known first', () => {
  const told = measures({ 'validation.f1': 0.9, 'test.rows': 812, 'test.accuracy': 0.91, 'test.f1': 0.87, 'test.recall': 0.88 });
  assert.deepEqual(
    told.map(({ name }) => name),
    ['f1', 'recall', 'accuracy'],
  );
});

test('measures of other rows are not mixed in', () => {
  const told = measures({ loss: 0.3, validation_f1_macro: 0.8, validation_accuracy: 0.81 });
  assert.deepEqual(
    told.map(({ name, rows }) => [name, rows]),
    [
      ['f1', 'validation'],
      ['accuracy', 'validation'],
    ],
  );
});

test('a metric tells of which label it is, or which average', () => {
  assert.deepEqual(measureName('recall_not negative'), { name: 'recall', of: 'not negative', rows: null });
  assert.deepEqual(measureName('validation_f1_macro'), { name: 'f1', of: 'macro', rows: 'validation' });
  assert.deepEqual(measureName('average_precision'), { name: 'average_precision', of: null, rows: null });
});

test('what is no number, as NaN on the wire, is not told', () => {
  assert.deepEqual(measures({ f1: 'NaN', loss: 0.3 }), [{ name: 'loss', of: null, rows: null, value: 0.3 }]);
});
