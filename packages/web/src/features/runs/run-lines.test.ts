import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '@boucle/contract';
import { linesOf } from './run-lines.ts';

const run = (id: string, params: Run['params'], more: Partial<Run> = {}) =>
  ({ id, params, tags: {}, metrics: {}, parentRunId: null, ...more }) as Run;
const runs = [run('a', { C: '1' }), run('b', { C: '1' }), run('c', { C: '10' }), run('d', {})];
const told = (lines: ReturnType<typeof linesOf>) =>
  lines.map((line) => (line.kind === 'run' ? line.run.id : `${line.value}: ${line.loaded}`));

test('runs with the same value stand under one head, those without under their own', () => {
  assert.deepEqual(told(linesOf(runs, 'params.C', () => false)), ['1: 2', 'a', 'b', '10: 1', 'c', 'undefined: 1', 'd']);
});

test('a closed group keeps its head alone', () => {
  assert.deepEqual(told(linesOf(runs, 'params.C', (value) => value === '1')), ['1: 2', '10: 1', 'c', 'undefined: 1', 'd']);
});

test('a run with a parent is nested, whether the parent is ours or only a tag says so', () => {
  const lines = linesOf(
    [run('a', {}, { parentRunId: 'p' }), run('b', {}, { tags: { 'mlflow.parentRunId': 'x' } }), run('c', {})],
    undefined,
    () => false,
  );
  assert.deepEqual(
    lines.map((line) => line.kind === 'run' && line.isNested),
    [true, true, false],
  );
});
