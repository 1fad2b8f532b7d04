import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceAddress } from './evidence-address.ts';

const at = (path: string) => evidenceAddress(`/api/v1/projects/air%20line/${path}`, 'as the server calls it');

test('what has a page leads there', () => {
  assert.deepEqual(at('rollouts/r1'), { kind: 'rollout', id: 'r1' });
  assert.deepEqual(at('monitors/tweets/windows/w1'), { kind: 'window', id: 'w1' });
  assert.deepEqual(at('monitor-windows/w1?version=2'), { kind: 'window', id: 'w1' });
  assert.deepEqual(at('alerts/a1'), { kind: 'alert', id: 'a1' });
  assert.deepEqual(at('models/bad%20buzz/versions/3'), { kind: 'version', name: 'bad buzz v3', model: 'bad buzz', number: '3' });
  assert.deepEqual(at('datasets/tweets/versions/2'), { kind: 'datasetVersion', name: 'tweets v2', dataset: 'tweets', number: '2' });
  assert.deepEqual(at('pipeline-runs/p1'), { kind: 'pipelineRun', name: 'as the server calls it', id: 'p1' });
});

test('what has none is named, and left to the server', () => {
  assert.deepEqual(at('models/bad%20buzz'), { kind: 'other', name: 'as the server calls it' });
  assert.equal(at('rollouts/r1/evidence').kind, 'evidence');
  assert.deepEqual(at('something/new'), { kind: 'other', name: 'as the server calls it' });
});

test('a name with a stray percent sign is taken as it stands', () => {
  assert.deepEqual(at('endpoints/100%'), { kind: 'endpoint', name: '100%' });
});
