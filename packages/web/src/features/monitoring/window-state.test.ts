import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aColumn, aWindow } from '../../testing/a-window.ts';
import { comparisonKey, heightsOf, sortedColumns, stepTo, windowState } from './window-state.ts';

test('a window is remembered by the worst that was found in it', () => {
  assert.equal(windowState(aWindow({ faults: 1, drifted: ['text'], missed: ['recall'] })), 'faulty');
  assert.equal(windowState(aWindow({ drifted: ['text'], missed: ['recall'] })), 'missed');
  assert.equal(windowState(aWindow({ drifted: ['text'] })), 'drifted');
  assert.equal(windowState(aWindow()), 'quiet');
  assert.equal(windowState(aWindow({ rows: 0 })), 'empty');
});

test('an empty window can still be seen, and the fullest reaches the top', () => {
  assert.deepEqual(heightsOf([aWindow({ rows: 0 }), aWindow({ rows: 400 })]), [0.08, 1]);
});

test('what was found stands first, the larger difference before the smaller', () => {
  const columns = [
    aColumn({ column: 'quiet', verdict: 'none' }),
    aColumn({ column: 'small', verdict: 'drift', totalVariation: 0.1 }),
    aColumn({ column: 'faulty', verdict: 'faulty', totalVariation: null }),
    aColumn({ column: 'large', verdict: 'drift', totalVariation: 0.4 }),
  ];
  assert.deepEqual(
    sortedColumns(columns).map(({ column }) => column),
    ['large', 'small', 'faulty', 'quiet'],
  );
});

test('two comparisons of one column have different names', () => {
  const slice = { column: 'airline', value: 'Delta' };
  assert.notEqual(comparisonKey(aColumn()), comparisonKey(aColumn({ slice })));
  assert.notEqual(comparisonKey(aColumn({ measure: 'length' })), comparisonKey(aColumn({ measure: 'surprise' })));
});

test('arrows stay within the strip, and other keys are not taken', () => {
  assert.deepEqual(
    ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'x'].map((key) => stepTo(key, 0, 3)),
    [0, 1, 0, 2, undefined],
  );
});
