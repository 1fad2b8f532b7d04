import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsCell } from './metrics.ts';

test('a line of a list shows what runs found, as far as there is room, and not what they used', () => {
  const metrics = { accuracy: 0.5, f1: 0.25, 'system/cpu_utilization_percentage': 100, a: 1, b: 2, c: 3 };
  assert.equal(metricsCell({ metrics }), 'accuracy=0.5 f1=0.25 a=1 b=2');
});
