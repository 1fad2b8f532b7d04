import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PerformancePoint } from '@boucle/contract';
import { metricKey, metricOf, metricsIn, performanceSpec, variantsIn } from './performance-chart.ts';

const aPoint = (change: Partial<PerformancePoint> = {}): PerformancePoint => ({
  windowId: 'w'.repeat(32),
  from: '2026-03-01T12:00:00Z',
  to: '2026-03-01T13:00:00Z',
  version: 1,
  variant: 'main',
  metric: 'accuracy',
  of: null,
  labelled: 60,
  value: 0.9,
  interval: [0.85, 0.94],
  estimate: { value: 0.88, interval: [0.84, 0.92] },
  ...change,
});
const names = { real: 'real', estimated: 'estimated', target: String };

test('windows are drawn oldest first, one variant at a time', () => {
  const points = [aPoint({ from: '2026-03-01T13:00:00Z', value: 0.8 }), aPoint(), aPoint({ variant: 'candidate', value: 0.1 })];
  assert.deepEqual(variantsIn(points), ['candidate', 'main']);
  const { spec } = performanceSpec(points, { variant: 'main', target: undefined }, names);
  assert.deepEqual(spec.lines[0]?.values, [0.9, 0.8]);
});

test('a window without labels is a gap in one line, and not in the other', () => {
  const { spec } = performanceSpec([aPoint({ value: null, interval: null })], { variant: 'main', target: undefined }, names);
  assert.deepEqual([spec.lines[0]?.values, spec.bands?.[0]?.low, spec.lines[1]?.values], [[null], [null], [0.88]]);
});

test('a target is a line across', () => {
  const { spec } = performanceSpec([aPoint()], { variant: 'main', target: { atLeast: 0.8 } }, names);
  assert.deepEqual(spec.thresholds, [{ value: 0.8, label: '0.8', ink: 'quiet' }]);
});

test('a metric of a class goes into an address and back', () => {
  const metric = { metric: 'recall', of: 'very~bad' };
  assert.deepEqual(metricOf(metricKey(metric)), metric);
  assert.deepEqual(metricOf('accuracy'), { metric: 'accuracy', of: null });
});

test('a metric that labels and estimates both have is offered once', () => {
  const estimate = { metric: 'accuracy', of: null } as never;
  assert.deepEqual(metricsIn({ performance: [], estimates: [estimate] }), [{ metric: 'accuracy', of: null }]);
});

test('where no variant is asked for, the line goes on with the one that has most labels', () => {
  const points = [
    aPoint({ value: 0.9, labelled: 40 }),
    aPoint({ windowId: 'x', from: '2026-03-01T13:00:00Z', variant: 'candidate', value: 0.2, labelled: 4 }),
    aPoint({ windowId: 'x', from: '2026-03-01T13:00:00Z', variant: 'baseline', value: 0.8, labelled: 36 }),
    aPoint({ windowId: 'y', from: '2026-03-01T14:00:00Z', variant: 'candidate', value: null, labelled: 0 }),
    aPoint({ windowId: 'y', from: '2026-03-01T14:00:00Z', variant: 'baseline', value: null, labelled: 0 }),
  ];
  const { windows } = performanceSpec(points, { variant: undefined, target: undefined }, names);
  assert.deepEqual(
    windows.map(({ variant }) => variant),
    ['main', 'baseline', 'baseline'],
  );
});
