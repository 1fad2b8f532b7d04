import type { Prediction } from '@boucle/contract';

/** For tests: one answered row. */
export const aPrediction = (more: Partial<Prediction> = {}): Prediction => ({
  id: `${'0'.repeat(32)}.0`,
  requestId: '0'.repeat(32),
  row: 0,
  clientId: null,
  project: 'airline',
  endpoint: 'sentiment',
  deploymentId: null,
  variant: 'main',
  share: 1,
  digest: null,
  shadowOf: null,
  unit: null,
  subject: null,
  inputs: {},
  outputs: { label: 'other', score: 0.9 },
  eventTime: '2026-01-01T00:00:00.000Z',
  arrivalTime: '2026-01-01T00:00:00.000Z',
  latencyMs: 3,
  outcome: 'ok',
  status: 200,
  error: null,
  correlationId: null,
  ...more,
});
