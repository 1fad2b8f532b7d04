import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '@boucle/contract';
import { compareRuns } from './comparison.ts';

const run = (id: string, params: Record<string, string>, metrics: Run['metrics'] = {}): Run =>
  ({ id, name: id, status: 'finished', params, metrics }) as Run;

test('what one run says and another does not differs, as other values do', () => {
  const { params, metrics } = compareRuns([
    run('a', { lr: '1', kind: 'x' }, { f1: 0.5 }),
    run('b', { lr: '2', kind: 'x' }, { f1: 0.5, loss: 1 }),
  ]);
  assert.deepEqual(params, [
    { key: 'kind', values: ['x', 'x'], differs: false },
    { key: 'lr', values: ['1', '2'], differs: true },
  ]);
  assert.deepEqual(metrics, [
    { key: 'f1', values: [0.5, 0.5], differs: false },
    { key: 'loss', values: [null, 1], differs: true },
  ]);
});

test('a param that is called like something all objects have is there only where it was said', () => {
  const { params } = compareRuns([run('a', { toString: '1' }), run('b', {})]);
  assert.deepEqual(params, [{ key: 'toString', values: ['1', null], differs: true }]);
});
