import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoucleEvent, DeclaredMonitor, EventData, EventType } from '@boucle/contract';
import { causeOf, type Faults, withFaults } from './causes.ts';

const monitors: DeclaredMonitor[] = [
  { name: 'watch', endpoint: 'sentiment', retrain: { pipeline: 'training', on: ['drift', 'kpi:recall', 'alert:more than three'] } },
  { name: 'idle', endpoint: 'sentiment' },
];
const news = <T extends EventType>(type: T, data: Partial<EventData[T]>): BoucleEvent => ({
  seq: 1,
  id: 'e',
  type,
  subject: { project: 'p', type: 'window', id: 'w' },
  actor: 'system',
  correlationId: 'c',
  at: '2026-01-01T00:00:00.000Z',
  data: { monitor: 'watch', windowId: 'w1', version: 1, ...data },
});

test('only what a policy names is a cause, for the monitor that it names', () => {
  const drift = { columns: [{ column: 'text', method: 'ks', pValue: 0, effect: 1 }] };
  assert.deepEqual(causeOf(news('drift.found', drift), monitors), {
    monitor: 'watch',
    cause: 'drift:w1',
    because: 'drift in text',
    correlationId: 'c',
  });
  assert.equal(causeOf(news('drift.found', { ...drift, version: 2 }), monitors)!.cause, 'drift:w1');
  assert.equal(causeOf(news('drift.found', { ...drift, monitor: 'idle' }), monitors), undefined);
  assert.equal(
    causeOf(news('kpi.missed', { kpi: 'recall', value: 0.71234, target: 0.8 }), monitors)!.because,
    'recall is 0.712, and 0.8 is the target',
  );
  assert.equal(causeOf(news('kpi.missed', { kpi: 'precision', value: 0.5, target: 0.8 }), monitors), undefined);
  assert.equal(causeOf(news('alert.fired', { rule: 'more than three', alertId: 'a1', message: '4 of them' }), monitors)!.cause, 'alert:a1');
  assert.equal(causeOf(news('alert.fired', { rule: 'other', alertId: 'a1', message: '' }), monitors), undefined);
  assert.equal(causeOf(news('window.closed', {}), monitors), undefined);
});

test('faults of the last window are remembered until a window closes without', () => {
  const steps: readonly [BoucleEvent, Faults][] = [
    [news('window.closed', { faults: 1 }), {}],
    [
      news('quality.failed', { findings: [{ column: 'text', fault: 'missing', message: 'text is missing in 40 %' }] }),
      { watch: 'text is missing in 40 %' },
    ],
    [news('window.closed', { faults: 0, version: 2 }), { watch: 'text is missing in 40 %' }],
    [news('window.closed', { faults: 0, monitor: 'idle' }), { watch: 'text is missing in 40 %' }],
    [news('window.closed', { faults: 0 }), {}],
  ];
  let faults: Faults = {};
  for (const [event, after] of steps) assert.deepEqual((faults = withFaults(faults, event)), after);
});
