import type { ColumnDrift, MonitorWindow } from '@boucle/contract';

/** An hour in which nothing was found; each test changes what it is about. */
export const aWindow = (change: Partial<MonitorWindow> = {}): MonitorWindow => ({
  id: 'b'.repeat(32),
  project: 'airline',
  monitor: 'tweets',
  endpoint: 'sentiment',
  from: '2026-03-01T12:00:00.000Z',
  to: '2026-03-01T13:00:00.000Z',
  version: 1,
  latest: true,
  judgedAt: '2026-03-01T13:05:00.000Z',
  rows: 240,
  shadowRows: 0,
  labelled: 60,
  drifted: [],
  faults: 0,
  missed: [],
  ...change,
});

export const aColumn = (change: Partial<ColumnDrift> = {}): ColumnDrift => ({
  variant: 'main',
  mode: 'live',
  modelVersionId: 'd'.repeat(32),
  slice: null,
  column: 'airline',
  kind: 'category',
  measure: null,
  verdict: 'none',
  why: null,
  method: "Pearson's chi-square test",
  pValue: 0.4,
  adjusted: 0.6,
  significant: false,
  effect: { name: "Cramér's V", value: 0.03, interval: [0, 0.08] },
  totalVariation: 0.03,
  material: false,
  distance: null,
  reference: 'training',
  rows: { reference: 9000, current: 240 },
  cells: [
    { label: 'Delta', reference: 3000, current: 80 },
    { label: 'United', reference: 6000, current: 160 },
  ],
  words: [],
  ...change,
});
