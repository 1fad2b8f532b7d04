import type { Overview } from '@boucle/contract';

/** A loop that has been all the way round; each test changes what it is about. */
export const anOverview = (change: Partial<Overview> = {}): Overview => ({
  project: 'airline',
  at: '2026-03-01T12:00:00Z',
  framing: { state: 'ok', problem: 'See a bad buzz coming', kpis: 2 },
  datasets: { state: 'ok', dataset: 'tweets', version: 1, rows: 11_970, repeatedKeys: 0 },
  pipelines: { state: 'ok', pipeline: 'training', runId: '0'.repeat(32), done: 7, cached: 2, steps: 7, seconds: 14.2, running: [] },
  tracking: { state: 'ok', runs: 3, metric: 'test.f1', value: 0.873, interval: [0.861, 0.884] },
  registry: { state: 'ok', model: 'sentiment', version: 3, alias: 'champion' },
  serving: { state: 'ok', endpoint: 'sentiment', version: 3, requests: 240, errors: 1, p95Ms: 3.4 },
  monitoring: { state: 'ok', feedback: 60, agreed: 53, interval: [0.78, 0.94] },
  story: 'c'.repeat(32),
  ...change,
});

/** Nothing has happened in this project. */
export const anEmptyOverview = (): Overview =>
  anOverview({
    framing: { state: 'idle', problem: '', kpis: 0 },
    datasets: { state: 'idle', dataset: null, version: null, rows: null, repeatedKeys: null },
    pipelines: { state: 'idle', pipeline: null, runId: null, done: 0, cached: 0, steps: 0, seconds: null, running: [] },
    tracking: { state: 'idle', runs: 0, metric: null, value: null, interval: null },
    registry: { state: 'idle', model: null, version: null, alias: null },
    serving: { state: 'idle', endpoint: null, version: null, requests: 0, errors: 0, p95Ms: null },
    monitoring: { state: 'idle', feedback: 0, agreed: 0, interval: null },
    story: null,
  });
