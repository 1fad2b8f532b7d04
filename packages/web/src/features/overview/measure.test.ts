import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureName, measures } from './measure.ts';

test('a metric tells on which rows it was measured', () => {
  assert.deepEqual(measureName('test.f1'), { name: 'f1', rows: 'test' });
  assert.deepEqual(measureName('validation_recall'), { name: 'recall', rows: 'validation' });
  assert.deepEqual(measureName('testosterone'), { name: 'testosterone', rows: null });
});

test('measures of test rows come before all others, the best known first', () => {
  const told = measures({ 'validation.f1': 0.9, 'test.rows': 812, 'test.accuracy': 0.91, 'test.f1': 0.87, 'test.recall': 0.88 });
  assert.deepEqual(
    told.map(({ name }) => name),
    ['f1', 'recall', 'accuracy'],
  );
});

test('what is no number, as NaN on the wire, is not told', () => {
  assert.deepEqual(measures({ f1: 'NaN', loss: 0.3 }), [{ name: 'loss', rows: null, value: 0.3 }]);
});
