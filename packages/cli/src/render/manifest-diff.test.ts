import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../terminal/paint.ts';
import { manifestDiff } from './manifest-diff.ts';

test('a diff has one line for each thing, with a sign and what is different', () => {
  const diff = manifestDiff(
    [
      { change: 'changed', type: 'framing', name: 'framing', parts: ['kpis'] },
      { change: 'added', type: 'dataset', name: 'tweets', parts: [] },
      { change: 'changed', type: 'step', name: 'training.clean', parts: ['code', 'params'] },
      { change: 'removed', type: 'endpoint', name: 'old', parts: [] },
    ],
    plain,
  );
  assert.equal(diff, ['  ~ framing  kpis', '  + dataset tweets', '  ~ step training.clean  code, params', '  - endpoint old'].join('\n'));
});
