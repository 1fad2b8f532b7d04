import { type Static, Type } from 'typebox';
import { Name, Text } from './common.ts';

/** `90s`, `5m`, `6h`, `7d`. */
export const Duration = Type.String({ pattern: '^\\d{1,9}(ms|s|m|h|d)$' });
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
export const durationMs = (text: string): number => {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined) throw new RangeError(`${text} is no duration: write 90s, 5m, 6h or 7d`);
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
};

/** So many false alarms, when nothing is wrong, in so long: `1 a month`. */
export const FalseAlarms = Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,6})? a (day|week|month|year)$' });
const periodMs = { day: 86_400_000, week: 7 * 86_400_000, month: 30.436_875 * 86_400_000, year: 365.2425 * 86_400_000 } as const;
/** How many a millisecond. */
export const falseAlarmsPerMs = (text: string): number => {
  const [, amount, period] = /^(\d+(?:\.\d+)?) a (day|week|month|year)$/.exec(text) ?? [];
  if (amount === undefined) throw new RangeError(`${text} is no rate: write "1 a month"`);
  return Number(amount) / periodMs[period as keyof typeof periodMs];
};

/** What a new version has to show: a bound that its interval keeps, or that it is no worse than the champion on the same rows. */
export const Gate = Type.Object(
  {
    metric: Text(100),
    /** The class, for a metric of one class. */
    of: Type.Optional(Text(250)),
    atLeast: Type.Optional(Type.Number()),
    atMost: Type.Optional(Type.Number()),
    noWorseThan: Type.Optional(Type.Literal('champion')),
    /** How much worse than the champion is still no worse, in the metric's unit. */
    margin: Type.Optional(Type.Number({ minimum: 0 })),
    /** One-sided error rate of the judgement; 0.05 where nothing is said. */
    alpha: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 0.5 })),
  },
  { $id: 'Gate' },
);
export type Gate = Static<typeof Gate>;

export const ApprovalPolicy = Type.Union([
  Type.Integer({ minimum: 0, maximum: 20 }),
  Type.Object({ count: Type.Integer({ minimum: 1, maximum: 20 }), fourEyes: Type.Optional(Type.Boolean()) }),
]);
export type ApprovalPolicy = Static<typeof ApprovalPolicy>;

const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 });
export const ShadowPolicy = Type.Object({
  /** Of the requests, how many the candidate answers too, unseen. */
  share: Share,
  /** Pairs to look at before the canary may begin. */
  pairs: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  deadline: Type.Optional(Duration),
});
export type ShadowPolicy = Static<typeof ShadowPolicy>;

export const CanaryPolicy = Type.Object({
  /** The candidate's shares, one after the other. */
  shares: Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), { minItems: 1, maxItems: 100 }),
  /** How often a healthy version may be rolled back, and one worse by `margin` promoted. */
  alpha: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 0.5 }),
  /** Relative: 0.5 promotes only what has less than 1.5 times the bad events. */
  margin: Type.Number({ exclusiveMinimum: 0, maximum: 8 }),
  /** What counts as bad and decides on promotion: wrong labels (default) or failed requests. Failed requests always guard. */
  goal: Type.Optional(Type.Enum(['wrong', 'errors'])),
  /** How long a share is kept: so many requests of both arms, or so long. */
  step: Type.Optional(
    Type.Object({ requests: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })), for: Type.Optional(Duration) }),
  ),
  /** No verdict in favour before so many bad events were seen in all. */
  minEvents: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  /** Relative: the candidate's latency quantiles may be this much above the baseline's. */
  latencyMargin: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  /** Without a verdict until then, the baseline stays. */
  deadline: Type.Optional(Duration),
});
export type CanaryPolicy = Static<typeof CanaryPolicy>;

/** Rows that a rule speaks of: by `prediction`, `variant`, or an input's value. */
export const Where = Type.Record(Type.String(), Text(1000));
const common = {
  name: Text(120),
  severity: Type.Optional(Type.Enum(['info', 'warning', 'critical'])),
  /** True for so long before it fires. */
  for: Type.Optional(Duration),
  /** An alert for each value: of `prediction`, `variant`, or an input. */
  groupBy: Type.Optional(Type.Array(Text(250), { maxItems: 3 })),
  notify: Type.Array(Name, { maxItems: 20 }),
  /** What can be done about it, said with the alert. */
  advice: Type.Optional(Text(2000)),
};
const bound = Type.Number({ minimum: 0 });
export const AlertRule = Type.Union(
  [
    /** More than so many, within so long of event time. */
    Type.Object({ ...common, count: Where, above: bound, within: Duration }),
    /** The share of such rows is above the bound, and its interval too. */
    Type.Object({ ...common, share: Where, above: Type.Number({ minimum: 0, maximum: 1 }), within: Duration }),
    /** A KPI of the project misses its target beyond doubt. */
    Type.Object({ ...common, kpi: Name }),
    Type.Object({ ...common, drift: Type.Union([Type.Literal(true), Type.Array(Text(250))]) }),
    Type.Object({ ...common, quality: Type.Literal(true) }),
    /** Nothing came for so long. */
    Type.Object({ ...common, noData: Duration }),
    /** A quantile of the latency, in milliseconds. */
    Type.Object({
      ...common,
      latency: Type.Object({ quantile: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }) }),
      above: bound,
      within: Duration,
    }),
    /** The share of requests that failed by a fault of ours. */
    Type.Object({ ...common, errorRate: Type.Object({ above: Type.Number({ minimum: 0, maximum: 1 }) }), within: Duration }),
  ],
  { $id: 'AlertRule' },
);
export type AlertRule = Static<typeof AlertRule>;

export const RetrainPolicy = Type.Object({
  pipeline: Name,
  /** `drift`, `kpi:<name>`, `alert:<rule>`. */
  on: Type.Array(Text(250), { minItems: 1 }),
  /** No other one for so long after one began. */
  cooldown: Type.Optional(Duration),
  /** At most so many: `10 a month`. */
  budget: Type.Optional(FalseAlarms),
  /** Labelled predictions become rows of a new version of this dataset first. */
  labels: Type.Optional(
    Type.Object({
      dataset: Name,
      column: Text(250),
      minimum: Type.Optional(Type.Integer({ minimum: 1 })),
      /** Of what is learned from, at most this share from one person; the newest beyond it are held back. */
      mostFromOne: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    }),
  ),
  /** The endpoint's rollout begins with the version that comes out. */
  rollout: Type.Optional(Type.Boolean()),
});
export type RetrainPolicy = Static<typeof RetrainPolicy>;

export const DeclaredMonitor = Type.Object(
  {
    name: Name,
    endpoint: Name,
    windows: Type.Optional(
      Type.Object({
        /** Length in event time; `1h` where nothing is said. */
        every: Type.Optional(Duration),
        /** How long a window waits for those that come late; `5m`. */
        lateness: Type.Optional(Duration),
      }),
    ),
    /** Inputs whose values are looked at apart. */
    slices: Type.Optional(Type.Array(Text(250), { maxItems: 10 })),
    drift: Type.Optional(
      Type.Object({
        /** Inputs, and `prediction`, `confidence`. */
        columns: Type.Array(Text(250), { minItems: 1, maxItems: 1000 }),
        falseAlarms: FalseAlarms,
        /** Smaller differences are not worth an alarm, however sure: total variation, 0 to 1; 0.05 where nothing is said. */
        material: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      }),
    ),
    /** Shares that are still no fault, beyond the reference's own. */
    quality: Type.Optional(
      Type.Object({
        missing: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        unseen: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        outOfRange: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      }),
    ),
    alerts: Type.Optional(Type.Array(AlertRule, { maxItems: 200 })),
    retrain: Type.Optional(RetrainPolicy),
  },
  { $id: 'DeclaredMonitor' },
);
export type DeclaredMonitor = Static<typeof DeclaredMonitor>;

const Hidden = Type.Object({ secret: Name });
const Address = Type.Union([Text(2000), Hidden]);
/** Where notifications go. What must stay unknown is named as a secret. */
export const DeclaredChannel = Type.Union(
  [
    /** Alertmanager's webhook schema, version 4. */
    Type.Object({ name: Name, kind: Type.Literal('webhook'), url: Address, authorization: Type.Optional(Hidden) }),
    Type.Object({ name: Name, kind: Type.Literal('slack'), url: Address }),
    Type.Object({
      name: Name,
      kind: Type.Literal('mail'),
      /** `smtp://user:password@host:port` or `smtps://…`. */
      server: Address,
      from: Text(320),
      to: Type.Array(Text(320), { minItems: 1, maxItems: 100 }),
    }),
  ],
  { $id: 'DeclaredChannel' },
);
export type DeclaredChannel = Static<typeof DeclaredChannel>;

export const Trigger = Type.Union(
  [
    Type.Object({
      /** Five fields, as cron has them. */
      schedule: Text(200),
      /** IANA's name; UTC where nothing is said. */
      zone: Type.Optional(Text(100)),
      /** What becomes of runs that were missed while nothing ran: none, the last one, each. */
      missed: Type.Optional(Type.Enum(['skip', 'last', 'all'])),
    }),
    Type.Object({ newVersionOf: Name }),
    /** `POST …/triggers/<name>` starts it. */
    Type.Object({ webhook: Name }),
  ],
  { $id: 'Trigger' },
);
export type Trigger = Static<typeof Trigger>;
