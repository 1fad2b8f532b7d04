import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnDrift, MonitorWindowDetail } from '@boucle/contract';
import { stretch, verdictText, windowText } from './window.ts';

const whose = { variant: 'main', mode: 'live', modelVersionId: null, slice: null } as const;
const column = (more: Partial<ColumnDrift>): ColumnDrift => ({
  ...whose,
  column: 'text',
  kind: 'text',
  measure: 'new words',
  verdict: 'drift',
  why: null,
  method: 'chi-square, limit law',
  pValue: 1.2e-9,
  adjusted: 1e-8,
  significant: true,
  effect: null,
  totalVariation: 0.31,
  material: true,
  distance: null,
  reference: 'training',
  rows: { reference: 1000, current: 300 },
  cells: [],
  words: [{ word: 'strike', reference: 0, current: 0.22, difference: 0.22, interval: [0.17, 0.27] }],
  ...more,
});
const window: MonitorWindowDetail = {
  id: '1'.repeat(32),
  project: 'airline',
  monitor: 'sentiment-health',
  endpoint: 'sentiment',
  from: '2026-11-21T10:00:00.000Z',
  to: '2026-11-21T11:00:00.000Z',
  version: 2,
  latest: true,
  judgedAt: '2026-11-21T11:06:00.000Z',
  rows: 300,
  shadowRows: 0,
  labelled: 40,
  drifted: ['text'],
  faults: 1,
  missed: ['caught'],
  versions: [],
  budget: {
    falseAlarms: '1 a month',
    alpha: 0.0002,
    comparisons: 2,
    joined: 0,
    sentence: '1 a month allows 0.0014 false alarms in this window',
  },
  quality: [
    {
      variant: 'main',
      column: 'route',
      fault: 'missing',
      share: 0.4,
      tolerated: 0.05,
      rows: 300,
      isFault: true,
      message: 'route: 40 % of the values are missing',
    },
  ],
  columns: [
    column({}),
    column({
      column: 'route',
      kind: 'category',
      measure: null,
      verdict: 'faulty',
      why: 'its data quality failed',
      words: [],
      totalVariation: null,
      pValue: null,
    }),
  ],
  performance: [
    {
      ...whose,
      rows: 300,
      labelled: 40,
      metrics: [{ metric: 'recall', of: 'negative', value: 0.8, interval: [0.66, 0.9], method: 'Wilson' }],
      confusion: { labels: [], counts: [] },
    },
  ],
  estimates: [
    {
      ...whose,
      rows: 300,
      metric: 'accuracy',
      of: null,
      value: 0.9,
      interval: [0.87, 0.93],
      method: 'm',
      why: null,
      actual: null,
      heldUp: null,
    },
  ],
  kpis: [
    {
      kpi: 'caught',
      metric: 'recall',
      of: 'negative',
      value: 0.8,
      interval: [0.66, 0.9],
      target: { atLeast: 0.95 },
      verdict: 'missed',
      why: null,
    },
  ],
  traffic: [
    {
      variant: 'main',
      mode: 'live',
      modelVersionId: null,
      rows: 300,
      requests: 300,
      errors: 0,
      refused: 2,
      latencyMs: { p50: 1, p95: 4, p99: 9 },
    },
  ],
};

test('a window is told in plain words, data first', () => {
  const text = windowText(window, (_, said) => said);
  for (const said of [
    /^sentiment-health: 2026-11-21 10:00 to 11:00Z\n300 rows, 40 with labels; version 2\n1 fault of the data; drift of text; missed caught\n/,
    /Data quality\n.*\n.*route: 40 % of the values are missing +yes/,
    /text, new words +main +drift +31 % +1\.2e-9 +sure, and large enough to matter/,
    /route +main +faulty +its data quality failed/,
    /strike +0 % +22 %/,
    /recall of negative +0\.8 \(0\.66 to 0\.9\) +40/,
    /accuracy +0\.9 \(0\.87 to 0\.93\) +no labels yet/,
    /caught +0\.8 \(0\.66 to 0\.9\) +at least 0\.95 +missed/,
    /main +300 +0 +2 +4$/m,
  ])
    assert.match(text, said);
});

test('what was found is said shortly, and so is that nothing was', () => {
  const quiet = { ...window, drifted: [], faults: 0, missed: [] };
  assert.equal(verdictText(quiet), 'nothing found');
  assert.equal(verdictText({ ...quiet, rows: 0 }), 'nothing came');
  assert.equal(
    stretch({ from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T00:00:00.000Z' }),
    '2026-11-21 23:00:00Z to 2026-11-22 00:00:00Z',
  );
});
