import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { News } from '../../live/news.ts';
import { said } from '../../testing/said.ts';
import type { PipelineFact, StoryEntry } from './story-fact.ts';
import { countSteps, tellStory } from './story.ts';

const step = { pipelineRunId: 'run-1', step: 'training.clean' };
const started = () => said('pipeline_run.started', { pipeline: 'training', number: 3, steps: 4 }, 'run-1');
const only = (entries: readonly StoryEntry[], kind: string) => entries.filter(({ fact }) => fact.kind === kind);

test('a pipeline run and its steps are one line, which counts them', () => {
  const [entry, ...others] = tellStory([
    started(),
    said('step_run.ended', { ...step, step: 'split', status: 'cached', seconds: null }),
    said('step_run.ended', { ...step, status: 'succeeded', seconds: 1.2 }),
    said('step_run.started', { ...step, step: 'train', attempt: 1 }),
    said('step_run.progressed', { ...step, step: 'train', done: 34, total: 100 }),
  ]);
  assert.deepEqual(others, []);
  assert.equal(entry?.mark, 'running');
  const { done, cached, now } = countSteps(entry?.fact as PipelineFact);
  assert.deepEqual([done, cached, now?.step, now?.done, now?.total], [2, 1, 'train', 34, 100]);
});

test('the end of a pipeline run closes its line in place', () => {
  const end = { pipeline: 'training', number: 3, status: 'succeeded', cached: 1, steps: 4, seconds: 14.2 };
  const entries = tellStory([
    started(),
    said('alias.moved', { model: 'm', alias: 'champion', number: 2, before: 1 }),
    said('pipeline_run.ended', end, 'run-1'),
  ]);
  assert.deepEqual(
    entries.map(({ mark, fact }) => [fact.kind, mark]),
    [
      ['pipeline', 'ok'],
      ['alias', 'ok'],
    ],
  );
});

test('a failed step has a line of its own with what it said', () => {
  const entries = tellStory([
    started(),
    said('step_run.ended', { ...step, status: 'failed', seconds: 2, message: 'column text is missing' }),
  ]);
  const [failed] = only(entries, 'step');
  assert.equal(failed?.mark, 'broken');
  assert.deepEqual(failed?.fact, {
    kind: 'step',
    step: 'training.clean',
    isRetried: false,
    isLost: false,
    message: 'column text is missing',
  });
});

test('a step that is tried again asks for attention, and is red once it is given up', () => {
  const lost = said('step_run.ended', { ...step, status: 'waiting', seconds: 2, message: 'no memory; it is tried again' });
  const marks = (...news: News[]) => only(tellStory([started(), ...news]), 'step').map(({ mark }) => mark);
  assert.deepEqual(marks(lost, said('step_run.started', { ...step, attempt: 2 })), ['attention']);
  assert.deepEqual(marks(lost, said('step_run.ended', { ...step, status: 'failed', seconds: 2, message: 'no memory' })), ['broken']);
});

test('predictions that could not be logged are red', () => {
  const [entry] = tellStory([said('predictions.lost', { endpoint: 'sentiment', records: 12 })]);
  assert.equal(entry?.mark, 'broken');
});

test('a run that measured nothing and ended well is no news, one that failed is', () => {
  const entries = tellStory([
    said('run.ended', { name: 'quiet', status: 'finished', metrics: {} }, '1'),
    said('run.ended', { name: 'good', status: 'finished', metrics: { 'test.f1': 0.87 } }, '2'),
    said('run.ended', { name: 'bad', status: 'failed', metrics: {} }, '3'),
  ]);
  assert.deepEqual(
    entries.map(({ fact, mark }) => [fact.kind === 'run' && fact.name, mark]),
    [
      ['good', 'ok'],
      ['bad', 'broken'],
    ],
  );
});

test('a deployment that fails keeps the version that was to be deployed', () => {
  const [entry] = tellStory([
    said('deployment.created', { endpoint: 'sentiment', number: 4, model: 'sentiment', version: 7 }),
    said('deployment.failed', { endpoint: 'sentiment', number: 4, message: 'warm-up gave another answer' }),
  ]);
  assert.equal(entry?.mark, 'broken');
  assert.deepEqual(entry?.fact, {
    kind: 'deployment',
    endpoint: 'sentiment',
    number: 4,
    status: 'failed',
    model: 'sentiment',
    version: 7,
    warmUpMs: null,
    message: 'warm-up gave another answer',
  });
});

test('traffic of one endpoint is one line with the latest count', () => {
  const count = (requests: number) => said('predictions.counted', { endpoint: 'sentiment', requests, errors: 0, p95Ms: 3 });
  const entries = tellStory([count(10), count(40)]);
  assert.deepEqual(
    entries.map(({ fact }) => fact.kind === 'traffic' && fact.requests),
    [40],
  );
});

test('feedback that comes in several calls is added up', () => {
  const [entry, ...others] = tellStory([
    said('feedback.recorded', { endpoint: 'sentiment', recorded: 10, agreed: 9 }),
    said('feedback.recorded', { endpoint: 'sentiment', recorded: 5, agreed: 2 }),
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual(entry?.fact, { kind: 'feedback', endpoint: 'sentiment', recorded: 15, agreed: 11 });
});

test('a failed pipeline run is told once, though it has runs that failed with it', () => {
  const failed = (name: string) => said('run.ended', { name, status: 'failed', metrics: {} }, name);
  const entries = tellStory([
    started(),
    said('step_run.started', { ...step, attempt: 2 }),
    failed('training.clean #3.2'),
    failed('training #3'),
    failed('by hand'),
  ]);
  assert.deepEqual(
    only(entries, 'run').map(({ fact }) => fact.kind === 'run' && fact.name),
    ['by hand'],
  );
});
