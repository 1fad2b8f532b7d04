import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../terminal/paint.ts';
import { aPipelineRun, aStepRun } from '../testing/contract-objects.ts';
import { runSummary, stepLines } from './step-lines.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds)).toISOString();

test('each step says its state, its progress and how long it took', () => {
  const run = aPipelineRun({
    steps: [
      aStepRun({ step: 'validate', status: 'cached', startedAt: at(0), endedAt: at(0) }),
      aStepRun({ step: 'clean', status: 'succeeded', startedAt: at(0), endedAt: at(2), attempt: 2 }),
      aStepRun({ step: 'train', status: 'running', startedAt: at(2), progress: { done: 40, total: 100 } }),
      aStepRun({ step: 'count', status: 'running', startedAt: at(2), progress: { done: 12_000 } }),
      aStepRun({ step: 'register' }),
    ],
  });
  assert.deepEqual(stepLines(run, at(5), plain), [
    '  = validate  cached',
    '  ✓ clean     succeeded  2.0 s  attempt 2',
    '  ● train     running  40 %  3.0 s',
    '  ● count     running  12,000  3.0 s',
    '  · register  waiting',
  ]);
});

test('a clock that is ahead of the server gives no negative time', () => {
  const run = aPipelineRun({ steps: [aStepRun({ status: 'running', startedAt: at(9) })] });
  assert.deepEqual(stepLines(run, at(5), plain), ['  ● clean  running  0 ms']);
});

test('the summary names what the pipeline hands over in a word', () => {
  const run = aPipelineRun({
    status: 'succeeded',
    endedAt: at(4),
    steps: [aStepRun({ status: 'cached' }), aStepRun({ status: 'succeeded' })],
    outputs: { version: { kind: 'value', value: 'demo/3' }, report: { kind: 'value', value: { metrics: {} } }, model: { kind: 'model' } },
  });
  assert.equal(runSummary(run, plain), 'training 3 succeeded in 4.0 s, 1 of 2 steps from the cache\nversion: demo/3');
});
