import { type Static, Type } from 'typebox';
import { Id, Name, Nullable, Page, Time, inProject, paged } from './common.ts';
import { DeclaredMonitor } from './policy.ts';
import { defineRoute, withDefault } from './route.ts';

const Count = Type.Integer({ minimum: 0 });
/** Both ends belong to it; null where none could be computed. */
const Between = Nullable(Type.Tuple([Type.Number(), Type.Number()]));
const Measured = { value: Nullable(Type.Number()), interval: Between };
/** Whose rows: of one variant, all of them or those with one value of a sliced input. */
const whose = {
  variant: Name,
  mode: Type.Enum(['live', 'shadow']),
  modelVersionId: Nullable(Id),
  slice: Nullable(Type.Object({ column: Type.String(), value: Type.String() })),
};

/** One comparison of a window with its reference, complete enough to draw both. */
export const ColumnDrift = Type.Object(
  {
    ...whose,
    column: Type.String(),
    kind: Type.Enum(['number', 'category', 'text', 'errors']),
    /** Of a text: which of its numbers was compared. */
    measure: Nullable(Type.Enum(['length', 'new words', 'surprise'])),
    /** `faulty`: its data quality failed, so a difference says nothing of the world. */
    verdict: Type.Enum(['drift', 'none', 'not testable', 'faulty']),
    /** Why it is not testable, or what else has to be known to read the verdict. */
    why: Nullable(Type.String()),
    method: Nullable(Type.String()),
    pValue: Nullable(Type.Number()),
    /** After Benjamini and Hochberg over all comparisons of the window. */
    adjusted: Nullable(Type.Number()),
    significant: Type.Boolean(),
    /** How large the difference is, apart from whether it is significant. */
    effect: Nullable(Type.Object({ name: Type.String(), ...Measured })),
    /** The share of rows that would have to move to make both alike, 0 to 1; from the monitor's `material` on it matters. */
    totalVariation: Nullable(Type.Number()),
    material: Type.Boolean(),
    /** Another measure of the same difference, with what it exceeds as seldom as the budget allows without drift. */
    distance: Nullable(Type.Object({ name: Type.String(), convention: Type.String(), value: Type.Number(), threshold: Type.Number() })),
    /** Where the reference comes from. */
    reference: Nullable(Type.Enum(['training', 'evaluation', 'first windows'])),
    rows: Type.Object({ reference: Count, current: Count }),
    cells: Type.Array(Type.Object({ label: Type.String(), reference: Count, current: Count })),
    /** Evidence, not an alarm: words whose share of documents changed most. */
    words: Type.Array(
      Type.Object({ word: Type.String(), reference: Type.Number(), current: Type.Number(), difference: Type.Number(), interval: Between }),
    ),
  },
  { $id: 'ColumnDrift' },
);
export type ColumnDrift = Static<typeof ColumnDrift>;

export const QualityFinding = Type.Object(
  {
    variant: Nullable(Name),
    /** Null for the window as a whole. */
    column: Nullable(Type.String()),
    fault: Type.Enum(['missing', 'type', 'range', 'unseen', 'constant', 'refused', 'empty']),
    /** The share that was seen, the most that is tolerated, and of how many rows. */
    share: Type.Number(),
    tolerated: Type.Number(),
    rows: Count,
    /** A finding alone is said; a fault blocks retraining and verdicts on the column. */
    isFault: Type.Boolean(),
    message: Type.String(),
  },
  { $id: 'QualityFinding' },
);
export type QualityFinding = Static<typeof QualityFinding>;

export const MeasuredMetric = Type.Object({ metric: Type.String(), of: Nullable(Type.String()), ...Measured, method: Type.String() });
export type MeasuredMetric = Static<typeof MeasuredMetric>;

/** From labels that came for the window's predictions. */
export const WindowPerformance = Type.Object(
  {
    ...whose,
    rows: Count,
    labelled: Count,
    metrics: Type.Array(MeasuredMetric),
    confusion: Type.Object({ labels: Type.Array(Type.String()), counts: Type.Array(Type.Array(Count)) }),
  },
  { $id: 'WindowPerformance' },
);
export type WindowPerformance = Static<typeof WindowPerformance>;

/** Without labels, and how it turned out where labels came after all. */
export const WindowEstimate = Type.Object(
  {
    ...whose,
    rows: Count,
    metric: Type.String(),
    of: Nullable(Type.String()),
    ...Measured,
    method: Type.String(),
    why: Nullable(Type.String()),
    /** The same metric from labels. */
    actual: Nullable(Type.Object({ ...Measured, labelled: Count })),
    /** Whether what labels say is compatible with the estimate; null without labels. */
    heldUp: Nullable(Type.Boolean()),
  },
  { $id: 'WindowEstimate' },
);
export type WindowEstimate = Static<typeof WindowEstimate>;

export const WindowKpi = Type.Object(
  {
    kpi: Type.String(),
    metric: Type.String(),
    of: Nullable(Type.String()),
    ...Measured,
    target: Type.Object({ atLeast: Type.Optional(Type.Number()), atMost: Type.Optional(Type.Number()) }),
    /** `missed` and `met`: the whole interval lies on that side of the target. */
    verdict: Type.Enum(['met', 'missed', 'unsure']),
    why: Nullable(Type.String()),
  },
  { $id: 'WindowKpi' },
);
export type WindowKpi = Static<typeof WindowKpi>;

export const WindowTraffic = Type.Object(
  {
    variant: Name,
    mode: Type.Enum(['live', 'shadow']),
    modelVersionId: Nullable(Id),
    rows: Count,
    requests: Count,
    /** By a fault of ours; what callers sent wrong is `refused`. */
    errors: Count,
    refused: Count,
    latencyMs: Nullable(Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() })),
  },
  { $id: 'WindowTraffic' },
);
export type WindowTraffic = Static<typeof WindowTraffic>;

const summary = {
  id: Id,
  project: Name,
  monitor: Name,
  endpoint: Name,
  from: Time,
  to: Time,
  /** Grows when something came late. */
  version: Type.Integer({ minimum: 1 }),
  latest: Type.Boolean(),
  judgedAt: Time,
  /** Live ones, and those of shadows, which are counted apart. */
  rows: Count,
  shadowRows: Count,
  labelled: Count,
  /** Columns that drifted. */
  drifted: Type.Array(Type.String()),
  faults: Count,
  /** KPIs that were missed beyond doubt. */
  missed: Type.Array(Type.String()),
};
/** What became of one stretch of event time. */
export const MonitorWindow = Type.Object(summary, { $id: 'MonitorWindow' });
export type MonitorWindow = Static<typeof MonitorWindow>;

/** How the window's share of the false alarms was spent. */
export const AlarmBudget = Type.Object(
  {
    falseAlarms: Type.String(),
    /** The chance of a false alarm in this version of the window, whatever the number of columns. */
    alpha: Type.Number(),
    comparisons: Count,
    /** Earlier windows with too few rows for a verdict, whose rows and share of the budget are in this one. */
    joined: Count,
    sentence: Type.String(),
  },
  { $id: 'AlarmBudget' },
);
export type AlarmBudget = Static<typeof AlarmBudget>;

export const WindowResult = Type.Object({
  budget: Nullable(AlarmBudget),
  quality: Type.Array(QualityFinding),
  columns: Type.Array(ColumnDrift),
  performance: Type.Array(WindowPerformance),
  estimates: Type.Array(WindowEstimate),
  kpis: Type.Array(WindowKpi),
  traffic: Type.Array(WindowTraffic),
});
export type WindowResult = Static<typeof WindowResult>;
export const MonitorWindowDetail = Type.Object(
  { ...summary, versions: Type.Array(Type.Object({ version: Type.Integer(), judgedAt: Time })), ...WindowResult.properties },
  { $id: 'MonitorWindowDetail' },
);
export type MonitorWindowDetail = Static<typeof MonitorWindowDetail>;

export const Monitor = Type.Object(
  {
    project: Name,
    name: Name,
    endpoint: Name,
    declared: DeclaredMonitor,
    /** `waiting`: nothing is deployed at the endpoint, or the reference is being computed. */
    state: Type.Enum(['waiting', 'watching', 'failed']),
    message: Nullable(Type.String()),
    /** Windows that end before it are closed. */
    watermark: Nullable(Time),
    /** Records whose event time no window takes. */
    outside: Type.Object({ future: Count, past: Count, late: Count }),
    latest: Nullable(MonitorWindow),
    /** Whether the newest window with rows has a fault, so that nothing may be trained on what came. */
    qualityBlocks: Type.Boolean(),
    /** How often estimates without labels held up once labels came. */
    estimates: Type.Object({ scored: Count, heldUp: Count, meanError: Nullable(Type.Number()) }),
  },
  { $id: 'Monitor' },
);
export type Monitor = Static<typeof Monitor>;

/** One value for a chart. */
export const PerformancePoint = Type.Object(
  {
    windowId: Id,
    from: Time,
    to: Time,
    version: Type.Integer(),
    variant: Name,
    metric: Type.String(),
    of: Nullable(Type.String()),
    labelled: Count,
    ...Measured,
    estimate: Nullable(Type.Object(Measured)),
  },
  { $id: 'PerformancePoint' },
);
export type PerformancePoint = Static<typeof PerformancePoint>;

const monitor = inProject({ monitor: Name });
export const monitors = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/monitors',
    summary: 'List the monitors of the manifest in force',
    tag: 'monitoring',
    permission: 'monitors:read',
    params: inProject(),
    response: Type.Object({ items: Type.Array(Monitor) }),
    errors: [],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/monitors/:monitor',
    summary: 'Get a monitor, what it is told to watch and how it stands',
    tag: 'monitoring',
    permission: 'monitors:read',
    params: monitor,
    response: Monitor,
    errors: ['not_found'],
  }),
  windows: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/monitors/:monitor/windows',
    summary: 'List the closed windows of a monitor, newest first',
    tag: 'monitoring',
    permission: 'monitors:read',
    params: monitor,
    query: Type.Object({
      ...paged,
      /** `all` lists earlier versions too. */
      version: withDefault(Type.Enum(['latest', 'all']), 'latest'),
    }),
    response: Page(MonitorWindow),
    errors: ['invalid_request', 'not_found'],
  }),
  window: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/monitor-windows/:windowId',
    summary: 'Get a window with all that was found in it',
    tag: 'monitoring',
    permission: 'monitors:read',
    params: inProject({ windowId: Id }),
    /** The latest version where none is said. */
    query: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })) }),
    response: MonitorWindowDetail,
    errors: ['not_found'],
  }),
  performance: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/monitors/:monitor/performance',
    summary: 'A metric over the newest windows, from labels and estimated without',
    tag: 'monitoring',
    permission: 'monitors:read',
    params: monitor,
    query: Type.Object({
      metric: withDefault(Type.String({ maxLength: 100 }), 'accuracy'),
      of: Type.Optional(Type.String({ maxLength: 250 })),
      limit: withDefault(Type.Integer({ minimum: 1, maximum: 500 }), 50),
    }),
    response: Type.Object({ items: Type.Array(PerformancePoint) }),
    errors: ['not_found'],
  }),
};
