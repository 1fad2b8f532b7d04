import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoucleEvent, EventData, EventType } from '@boucle/contract';
import { toldTypes } from './chapters.ts';
import { tellStory } from './story.ts';

let seq = 0;
const happened = <T extends EventType>(type: T, data: EventData[T], id = 'a'.repeat(32)): BoucleEvent => ({
  seq: ++seq,
  id: String(seq).padStart(32, '0'),
  type,
  subject: { project: 'airline', type: type.split('.')[0]!, id },
  actor: 'owner',
  correlationId: 'c'.repeat(32),
  at: new Date(Date.UTC(2026, 0, 1, 0, seq)).toISOString(),
  data,
});
const correlationId = 'c'.repeat(32);
const run = { pipeline: 'training', number: 2, steps: 6 };
const retraining = [
  happened('retraining.started', { monitor: 'bad-buzz', pipeline: 'training', because: 'drift', pipelineRunId: 'b'.repeat(32), rows: 412 }),
  happened('pipeline_run.started', run, 'b'.repeat(32)),
  happened('step_run.started', { pipelineRunId: 'b'.repeat(32), step: 'train', attempt: 1 }),
  happened('pipeline_run.ended', { ...run, status: 'succeeded', cached: 1, seconds: 3 }, 'b'.repeat(32)),
];
const rollout = { endpoint: 'sentiment', number: 3 };
const begun = happened('rollout.started', { ...rollout, model: 'sentiment', version: 2, baseline: 1 });
const ended = happened('rollout.ended', { ...rollout, status: 'promoted', message: 'version 2 is the champion', version: 2 });

test('a retraining is told in sentences, each with what it can be checked against', () => {
  const { title, state, chapters } = tellStory(correlationId, [...retraining, begun, ended]);
  assert.equal(title, 'Retraining because of drift');
  assert.equal(state, 'good');
  assert.deepEqual(
    chapters.map(({ sentence }) => sentence),
    [
      'Retraining began because of drift, with 412 newly labelled rows.',
      'Run 2 of pipeline training began its 6 steps.',
      'Run 2 of pipeline training succeeded, 1 of 6 steps from the cache.',
      'Rollout 3 of endpoint sentiment began with version 2 of sentiment, against version 1.',
      'Rollout 3 ended, promoted: version 2 is the champion',
    ],
  );
  assert.deepEqual(chapters.at(-1)!.evidence, [{ what: 'the rollout', href: `/api/v1/projects/airline/rollouts/${'a'.repeat(32)}` }]);
  assert.equal(chapters[0]!.evidence[0]!.href, `/api/v1/projects/airline/pipeline-runs/${'b'.repeat(32)}`);
});

test('what began and has not ended is still running', () => {
  assert.equal(tellStory(correlationId, retraining.slice(0, 3)).state, 'running');
  assert.equal(tellStory(correlationId, [...retraining, begun]).state, 'running');
});

test('a story that went wrong says so', () => {
  const bad = happened('rollout.ended', { ...rollout, status: 'rolled_back', message: 'more wrong labels', version: 1 });
  assert.deepEqual((({ state, chapters }) => [state, chapters.at(-1)!.tone])(tellStory(correlationId, [begun, bad])), ['bad', 'bad']);
});

test('news of a later release is no reason to tell nothing', () => {
  const unknown = { ...retraining[0]!, type: 'comet.seen', data: {} };
  assert.equal(tellStory(correlationId, [unknown]).chapters.length, 0);
  assert.equal(tellStory(correlationId, [unknown]).title, 'Comet seen');
});

test('what only counts along is no chapter', () => {
  assert.ok(!toldTypes.includes('predictions.counted') && !toldTypes.includes('step_run.progressed') && toldTypes.includes('alert.fired'));
});
