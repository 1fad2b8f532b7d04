import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOverview } from '../../testing/an-overview.ts';
import { tilesOf } from './tiles.ts';

const tile = (kind: string, overview = anOverview()) => tilesOf(overview).find((found) => found.kind === kind)!;

test('a share of errors has its interval, wide where there were few requests', () => {
  const { serving } = anOverview();
  const few = tile('errors', anOverview({ serving: { ...serving, requests: 10, errors: 0 } }));
  assert.equal(few.value, 0);
  assert.ok('interval' in few && few.interval![1] > 0.25);
});

test('without traffic there is no share, not a share of zero', () => {
  const { serving } = anOverview();
  assert.equal(tile('errors', anOverview({ serving: { ...serving, requests: 0, errors: 0, p95Ms: null } })).value, null);
});

test('a quality that is not a number is not shown as one', () => {
  const { tracking } = anOverview();
  assert.equal(tile('quality', anOverview({ tracking: { ...tracking, value: 'NaN', interval: null } })).value, null);
});

test('the quality says which metric on which rows', () => {
  assert.deepEqual(tile('quality'), {
    kind: 'quality',
    metric: { name: 'f1', of: null, rows: 'test' },
    value: 0.873,
    interval: [0.861, 0.884],
    runs: 3,
  });
});
