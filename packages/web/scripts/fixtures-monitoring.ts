/** Three days of windows of which some found something, for the pictures and the journeys. Never part of the page. */
import type { Alert, ColumnDrift, Monitor, MonitorWindow, MonitorWindowDetail, PerformancePoint } from '@boucle/contract';
import { aColumn, aWindow } from '../src/testing/a-window.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const at = (hours: number): string => new Date(start + hours * 3_600_000).toISOString();
const id = (n: number): string => n.toString(16).padStart(32, 'b0');
const hours = 60;
const isDrifted = (hour: number): boolean => hour > 48 && hour !== 51;

export const windowsOf = (project: string): MonitorWindow[] =>
  Array.from({ length: hours }, (_, hour) =>
    aWindow({
      id: id(hour),
      project,
      from: at(hour),
      to: at(hour + 1),
      judgedAt: at(hour + 1.1),
      rows: hour % 24 < 5 ? (hour === 27 ? 0 : 30 + hour) : 180 + Math.round(Math.sin(hour) * 80),
      labelled: hour > 56 ? 0 : 40,
      drifted: isDrifted(hour) ? ['text', 'airline'] : [],
      faults: hour === 51 ? 2 : 0,
      missed: hour > 54 ? ['complaints-found'] : [],
      version: hour === 59 ? 2 : 1,
    }),
  ).reverse();

const found: ColumnDrift[] = [
  aColumn({
    column: 'airline',
    verdict: 'drift',
    pValue: 0.000_000_2,
    adjusted: 0.000_001,
    significant: true,
    material: true,
    totalVariation: 0.31,
    effect: { name: "Cramér's V", value: 0.29, interval: [0.21, 0.37] },
    distance: { name: 'population stability index', convention: 'natural logarithm', value: 0.42, threshold: 0.051 },
    rows: { reference: 9127, current: 214 },
    cells: [
      ['American', 1930, 20],
      ['Delta', 1549, 19],
      ['Southwest', 1710, 24],
      ['US Airways', 2030, 27],
      ['United', 1826, 118],
      ['(rarer ones)', 82, 2],
      ['(never seen)', 0, 4],
    ].map(([label, reference, current]) => ({ label: String(label), reference: Number(reference), current: Number(current) })),
  }),
  aColumn({
    column: 'text',
    kind: 'text',
    measure: 'new words',
    verdict: 'drift',
    pValue: 0.0004,
    adjusted: 0.002,
    significant: true,
    material: true,
    totalVariation: 0.18,
    effect: { name: 'difference of medians', value: 0.06, interval: [0.03, 0.1] },
    cells: ['below 0.05', '0.05 to 0.1', '0.1 to 0.15', '0.15 to 0.2', 'from 0.2'].map((label, i) => ({
      label,
      reference: [4100, 2900, 1400, 500, 227][i]!,
      current: [52, 58, 51, 33, 20][i]!,
    })),
    words: [
      { word: 'strike', reference: 0.001, current: 0.212, difference: 0.211, interval: [0.16, 0.27] },
      { word: 'cancelled', reference: 0.062, current: 0.17, difference: 0.108, interval: [0.06, 0.16] },
      { word: 'thanks', reference: 0.11, current: 0.04, difference: -0.07, interval: [-0.1, -0.03] },
    ],
  }),
  aColumn({ column: 'text', kind: 'text', measure: 'length', pValue: 0.03, adjusted: 0.08, totalVariation: 0.06, material: true }),
  aColumn({ column: 'prediction', pValue: 0.001, adjusted: 0.004, significant: true, totalVariation: 0.03 }),
  aColumn({
    column: 'confidence',
    kind: 'number',
    verdict: 'faulty',
    pValue: null,
    adjusted: null,
    method: null,
    effect: null,
    totalVariation: null,
    why: 'its data quality failed, so a difference says nothing of the world',
  }),
  aColumn({
    column: 'errors',
    kind: 'errors',
    reference: 'evaluation',
    verdict: 'not testable',
    pValue: null,
    adjusted: null,
    method: null,
    effect: null,
    totalVariation: null,
    why: 'only 12 rows have a value; 20 are needed',
    cells: [],
  }),
  aColumn({ column: 'text', kind: 'text', measure: 'surprise', slice: { column: 'airline', value: 'United' }, totalVariation: 0.02 }),
];

export const windowOf = (project: string, windowId: string): MonitorWindowDetail | undefined => {
  const window = windowsOf(project).find((one) => one.id === windowId);
  if (!window) return undefined;
  const hour = Math.round((Date.parse(window.from) - start) / 3_600_000);
  return {
    ...window,
    versions: [{ version: window.version, judgedAt: window.judgedAt }],
    budget: { falseAlarms: '1 a month', alpha: 0.00137, comparisons: 7, joined: hour === 28 ? 1 : 0, sentence: '' },
    quality:
      hour === 51
        ? [
            {
              variant: 'main',
              column: 'confidence',
              fault: 'missing',
              share: 0.22,
              tolerated: 0.01,
              rows: 214,
              isFault: true,
              message: '22 % of confidence is missing, at most 1 % is tolerated',
            },
            {
              variant: 'main',
              column: 'airline',
              fault: 'unseen',
              share: 0.02,
              tolerated: 0.05,
              rows: 214,
              isFault: false,
              message: '2 % of airline are values never seen before',
            },
          ]
        : [],
    columns: window.drifted.length > 0 ? found : found.slice(3, 7),
    performance: [],
    estimates: [
      {
        variant: 'main',
        mode: 'live',
        modelVersionId: null,
        slice: null,
        rows: 200,
        metric: 'recall',
        of: 'negative',
        value: 0.8,
        interval: [0.75, 0.85],
        method: 'estimated',
        why: null,
        actual: null,
        heldUp: null,
      },
    ],
    kpis: [
      {
        kpi: 'complaints-found',
        metric: 'recall',
        of: 'negative',
        value: hour > 54 ? 0.71 : 0.93,
        interval: hour > 54 ? [0.62, 0.78] : [0.88, 0.97],
        target: { atLeast: 0.85 },
        verdict: hour > 54 ? 'missed' : 'met',
        why: null,
      },
      {
        kpi: 'quick-answers',
        metric: 'latency_p95_ms',
        of: null,
        value: 9.4,
        interval: [8.6, 10.8],
        target: { atMost: 10 },
        verdict: 'unsure',
        why: null,
      },
      {
        kpi: 'right-answers',
        metric: 'f1_macro',
        of: null,
        value: null,
        interval: null,
        target: { atLeast: 0.8 },
        verdict: 'unsure',
        why: 'no labels came for this window',
      },
    ],
    traffic: [
      {
        variant: 'main',
        mode: 'live',
        modelVersionId: null,
        rows: window.rows,
        requests: window.rows,
        errors: 1,
        refused: 3,
        latencyMs: { p50: 3.1, p95: 9.4, p99: 17.2 },
      },
    ],
  };
};

export const performanceOf = (project: string): PerformancePoint[] =>
  windowsOf(project)
    .slice(0, 40)
    .map((window) => {
      const hour = Math.round((Date.parse(window.from) - start) / 3_600_000);
      const value = 0.9 + Math.sin(hour * 1.3) * 0.02 - (hour > 48 ? 0.012 * (hour - 48) : 0);
      const isLabelled = hour <= 56 && hour !== 40;
      return {
        windowId: window.id,
        from: window.from,
        to: window.to,
        version: 1,
        variant: 'main',
        metric: 'accuracy',
        of: null,
        labelled: isLabelled ? 40 : 0,
        value: isLabelled ? value : null,
        interval: isLabelled ? [value - 0.06, Math.min(1, value + 0.05)] : null,
        estimate: { value: value + 0.015, interval: [value - 0.02, value + 0.04] },
      };
    });

export const monitorsOf = (project: string): Monitor[] =>
  ['tweets', 'night-desk'].map((name, i) => ({
    project,
    name,
    endpoint: i === 0 ? 'sentiment' : 'night',
    declared: {
      name,
      endpoint: 'sentiment',
      windows: { every: '1h' },
      drift: { columns: ['text', 'airline'], falseAlarms: '1 a month', material: 0.1 },
    },
    state: i === 0 ? 'watching' : 'waiting',
    message: i === 0 ? null : 'nothing is deployed at endpoint night',
    watermark: at(hours),
    outside: { future: 0, past: 0, late: 1 },
    latest: i === 0 ? windowsOf(project)[0]! : null,
    qualityBlocks: false,
    estimates: { scored: i === 0 ? 57 : 0, heldUp: 54, meanError: 0.012 },
  }));

export const alertIds = { firing: id(900), resolved: id(901) };
const anAlert = (project: string, change: Partial<Alert>): Alert => ({
  id: alertIds.firing,
  project,
  monitor: 'tweets',
  endpoint: 'sentiment',
  rule: 'Bad buzz',
  kind: 'count',
  group: { airline: 'United' },
  severity: 'critical',
  status: 'firing',
  message: 'More than 20 negative tweets on United within 1 hour: 118',
  advice: 'Look at what they complain about, then answer in public.',
  actions: [
    { label: 'Look at the window', path: `/p/${project}/monitoring?window=${id(59)}` },
    { label: 'Roll back', command: 'boucle deployments rollback sentiment' },
  ],
  evidence: {
    first: [id(700), id(701), id(702)],
    last: [id(790)],
    records: 118,
    from: at(58),
    to: at(59),
    window: { id: id(58), version: 1 },
  },
  late: false,
  firedAt: at(59),
  resolvedAt: null,
  resolution: null,
  acknowledged: null,
  channels: ['desk', 'mail'],
  told: 'firing',
  correlationId: 'c'.repeat(32),
  ...change,
});
export const alertsOf = (project: string): Alert[] => [
  anAlert(project, {}),
  anAlert(project, {
    id: alertIds.resolved,
    rule: 'Drift of the text',
    kind: 'drift',
    group: {},
    severity: 'warning',
    status: 'resolved',
    message: 'The text of the tweets drifted',
    firedAt: at(49),
    resolvedAt: at(52),
    acknowledged: { by: 'alice', at: at(50), comment: 'there is a strike' },
    told: 'resolved',
    late: true,
  }),
];
