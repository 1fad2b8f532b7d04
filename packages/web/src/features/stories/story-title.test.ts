import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storyTitle } from './story-title.ts';

test('each shape of title is taken apart', () => {
  assert.deepEqual(storyTitle('Retraining because of drift'), { kind: 'retraining', because: 'drift' });
  assert.deepEqual(storyTitle('Version 4 of sentiment on its way to endpoint desk'), {
    kind: 'rollout',
    version: '4',
    model: 'sentiment',
    endpoint: 'desk',
  });
  assert.equal(storyTitle('Version 4 of sentiment at endpoint desk')?.kind, 'deployment');
  assert.deepEqual(storyTitle('Run 12 of pipeline training'), { kind: 'pipeline', number: '12', name: 'training' });
  assert.deepEqual(storyTitle('Version 2 of dataset tweets'), { kind: 'dataset', number: '2', name: 'tweets' });
  assert.deepEqual(storyTitle('Version 2 of model tweets'), { kind: 'model', number: '2', name: 'tweets' });
});

test('a title of a shape not known here is left as it came', () => {
  assert.equal(storyTitle('Alert fired'), undefined);
});
