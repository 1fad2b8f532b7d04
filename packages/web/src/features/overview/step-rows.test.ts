import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventData, EventType, PipelineRun, StepRun, StepStatus } from '@boucle/contract';
import type { News } from '../../live/news.ts';
import { secondsOf, spanOf, stepRows } from './step-rows.ts';

const at = (second: number) => new Date(Date.UTC(2026, 2, 1) + second * 1000).toISOString();
const epoch = (second: number) => Date.parse(at(second));
const said = <T extends EventType>(second: number, type: T, data: EventData[T]) =>
  ({
    seq: second,
    id: String(second),
    type,
    subject: { project: 'airline', type: 'step-run', id: 's' },
    actor: 'owner',
    correlationId: 'c',
    at: at(second),
    data,
  }) as News;
const clean = { pipelineRunId: 'r', step: 'clean' };

const aStep = (step: string, status: StepStatus, more: Partial<StepRun> = {}) => ({
  step,
  status,
  attempt: 0,
  startedAt: null,
  endedAt: null,
  progress: null,
  failure: null,
  ...more,
});
const aRun = (steps: object[] = []) =>
  ({ id: 'r', plan: { steps: [{ id: 'clean' }, { id: 'train' }] }, steps, startedAt: at(0), endedAt: null }) as unknown as PipelineRun;
const statuses = (run: PipelineRun, news: News[]) => stepRows(run, news).map(({ status }) => status);

test('steps stand in the order of the plan, also those nobody has heard of yet', () => {
  const rows = stepRows(aRun([aStep('train', 'waiting'), aStep('clean', 'running')]), []);
  assert.deepEqual(
    rows.map(({ step, status }) => [step, status]),
    [
      ['clean', 'running'],
      ['train', 'waiting'],
    ],
  );
});

test('the stream goes ahead of the answer', () => {
  const run = aRun([aStep('clean', 'running', { attempt: 1, startedAt: at(1) }), aStep('train', 'waiting')]);
  const news = [
    said(1, 'step_run.started', { ...clean, attempt: 1 }),
    said(3, 'step_run.ended', { ...clean, status: 'succeeded', seconds: 2 }),
  ];
  const [row] = stepRows(run, news);
  assert.equal(row?.status, 'succeeded');
  assert.equal(secondsOf(row!, epoch(99)), 2);
});

test('an old event does not take back what the answer says has ended', () => {
  const run = aRun([aStep('clean', 'failed', { attempt: 1, startedAt: at(1), endedAt: at(2) }), aStep('train', 'cancelled')]);
  assert.deepEqual(statuses(run, [said(1, 'step_run.started', { ...clean, attempt: 1 })]), ['failed', 'cancelled']);
});

test('a second attempt begins anew', () => {
  const news = [
    said(1, 'step_run.started', { ...clean, attempt: 1 }),
    said(2, 'step_run.progressed', { ...clean, done: 80, total: 100 }),
    said(3, 'step_run.ended', { ...clean, status: 'lost', seconds: 2, message: 'the server was killed' }),
    said(4, 'step_run.started', { ...clean, attempt: 2 }),
  ];
  const [row] = stepRows(aRun([aStep('clean', 'running', { attempt: 1, startedAt: at(1) })]), news);
  assert.deepEqual([row?.status, row?.done, row?.message, row?.startedAt], ['running', null, null, epoch(4)]);
});

test('news of another pipeline run is not taken for ours', () => {
  assert.deepEqual(statuses(aRun(), [said(1, 'step_run.started', { ...clean, pipelineRunId: 'other', attempt: 1 })]), [
    'waiting',
    'waiting',
  ]);
});

test('a step lies where it ran within the time of its pipeline run; one from the cache took none', () => {
  const [row] = stepRows(aRun([aStep('clean', 'succeeded', { attempt: 1, startedAt: at(2), endedAt: at(5) })]), []);
  assert.deepEqual(spanOf(row!, epoch(0), epoch(10)), { from: 0.2, to: 0.5 });
  assert.equal(spanOf({ ...row!, status: 'cached' }, epoch(0), epoch(10)), undefined);
});
