import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventType } from '@boucle/contract';
import type { News } from '../../live/news.ts';
import { turnOf } from './turn.ts';

const story = (...types: EventType[]) =>
  types.map((type, index) => ({ seq: index + 1, type, at: new Date(index * 5000).toISOString() }) as News);

test('a turn goes from the rows to the endpoint', () => {
  assert.equal(
    turnOf(story('manifest.applied', 'dataset_version.created', 'pipeline_run.started', 'deployment.ready', 'predictions.counted'))
      ?.seconds,
    10,
  );
});

test('where the rows were there before, it goes from the pipeline run', () => {
  assert.equal(turnOf(story('pipeline_run.started', 'deployment.ready'))?.seconds, 5);
});

test('a story that has not reached an endpoint is no turn', () => {
  assert.equal(turnOf(story('dataset_version.created', 'pipeline_run.started')), undefined);
  assert.equal(turnOf(story('deployment.ready', 'pipeline_run.started')), undefined);
});
