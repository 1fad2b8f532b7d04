import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PipelineRun, StepRun } from '@boucle/contract';
import { monitoringStation, pipelinesStation, servingStation } from './stations.ts';

const facts = { version: 1, requests: 0, errors: 0, p95Ms: null };

test('before anything happened the stations are idle', () => {
  assert.equal(pipelinesStation(undefined).state, 'idle');
  assert.equal(servingStation([]).state, 'idle');
  assert.equal(monitoringStation({ feedback: 0, agreed: 0, interval: null }).state, 'idle');
});

test('an endpoint that does not answer is shown before the busiest', () => {
  const quiet = { ...facts, endpoint: 'quiet', status: 'ready' } as const;
  const busy = { ...facts, endpoint: 'busy', status: 'ready', requests: 9, errors: 1 } as const;
  const broken = { ...facts, endpoint: 'broken', status: 'failed', version: 2 } as const;
  const shown = ({ state, endpoint }: ReturnType<typeof servingStation>) => [state, endpoint];
  assert.deepEqual(shown(servingStation([quiet, busy])), ['attention', 'busy']);
  assert.deepEqual(shown(servingStation([quiet, busy, broken])), ['broken', 'broken']);
  assert.deepEqual(shown(servingStation([quiet])), ['ok', 'quiet']);
});

test('a pipeline run counts what is done, and says what runs and how far', () => {
  const step = (name: string, status: StepRun['status'], progress: StepRun['progress'] = null) =>
    ({ step: name, status, progress }) as StepRun;
  const run = {
    id: 'a',
    pipeline: 'training',
    status: 'running',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    steps: [step('validate', 'cached'), step('clean', 'succeeded'), step('train', 'running', { done: 2 }), step('evaluate', 'waiting')],
  } as PipelineRun;
  assert.deepEqual(pipelinesStation(run), {
    state: 'running',
    pipeline: 'training',
    runId: 'a',
    done: 2,
    cached: 1,
    steps: 4,
    seconds: null,
    running: [{ step: 'train', done: 2, total: null }],
  });
  assert.equal(pipelinesStation({ ...run, status: 'succeeded', endedAt: '2026-01-01T00:00:01.500Z' }).seconds, 1.5);
});
