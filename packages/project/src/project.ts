import type { Dataset } from './dataset.ts';
import type { Pipeline } from './pipeline.ts';

type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;
type Target = { readonly atLeast: number } | { readonly atMost: number };

/** A new version has to show these. Each is judged on evidence with an interval; against the champion in pairs, on the same rows. */
export interface Gate {
  readonly metric: string;
  readonly of?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly noWorseThan?: 'champion';
  /** How much worse than the champion is still no worse, in the metric's unit. */
  readonly margin?: number;
  readonly alpha?: number;
}

export interface Endpoint {
  readonly name: string;
  readonly model: `${string}@${string}`;
  readonly environment: string;
}
interface EndpointPolicy {
  /** When an answer may go out: once its record is written (default), or once it is synced to disk. */
  readonly log?: 'written' | 'synced';
  readonly gates?: readonly Gate[];
  /** How many people agree before a version is let in; with `fourEyes`, not the one who asked. */
  readonly approvals?: number | { readonly count: number; readonly fourEyes?: boolean };
  readonly shadow?: { readonly share: number; readonly pairs: number; readonly deadline?: Duration };
  readonly canary?: Canary;
}
export interface Canary {
  /** The candidate's shares, one after the other. */
  readonly shares: readonly number[];
  /** How often a healthy version may be rolled back, and one worse by `margin` promoted. */
  readonly alpha: number;
  /** Relative: 0.5 promotes only what has less than 1.5 times the bad events. */
  readonly margin: number;
  /** What is bad: labels that turn out wrong (default), or requests that fail. */
  readonly goal?: 'wrong' | 'errors';
  /** How long a share is kept, in requests of both arms or in time. */
  readonly step?: { readonly requests?: number; readonly for?: Duration };
  readonly minEvents?: number;
  readonly latencyMargin?: number;
  readonly deadline?: Duration;
}
export const defineEndpoint = <E extends Omit<Endpoint, 'name'> & EndpointPolicy>(name: string, endpoint: E): E & { name: string } => ({
  name,
  ...endpoint,
});

export interface Monitor {
  readonly name: string;
  readonly endpoint: Endpoint;
}
type Where = Readonly<Record<string, string>>;
interface AnyRule {
  readonly name: string;
  readonly severity?: 'info' | 'warning' | 'critical';
  /** True for so long before it fires. */
  readonly for?: Duration;
  /** An alert for each value of `prediction`, `variant`, or an input. */
  readonly groupBy?: readonly string[];
  readonly notify: readonly string[];
  /** What can be done about it. */
  readonly advice?: string;
}
export type AlertRule = AnyRule &
  (
    | { readonly count: Where; readonly above: number; readonly within: Duration }
    | { readonly share: Where; readonly above: number; readonly within: Duration }
    | { readonly kpi: string }
    | { readonly drift: true | readonly string[] }
    | { readonly quality: true }
    | { readonly noData: Duration }
    | { readonly latency: { readonly quantile: number }; readonly above: number; readonly within: Duration }
    | { readonly errorRate: { readonly above: number }; readonly within: Duration }
  );
type Rate = `${number} a ${'day' | 'week' | 'month' | 'year'}`;
interface MonitorPolicy {
  /** Length of a window in event time, and how long it waits for those that come late. */
  readonly windows?: { readonly every?: Duration; readonly lateness?: Duration };
  /** Inputs whose values are looked at apart. */
  readonly slices?: readonly string[];
  /** `falseAlarms`: how often it may cry wolf, over all columns and windows. Differences below `material` raise no alarm. */
  readonly drift?: { readonly columns: readonly string[]; readonly falseAlarms: Rate; readonly material?: number };
  readonly quality?: { readonly missing?: number; readonly unseen?: number; readonly outOfRange?: number };
  readonly alerts?: readonly AlertRule[];
  readonly retrain?: {
    readonly pipeline: Pipeline;
    readonly on: readonly ('drift' | `kpi:${string}` | `alert:${string}`)[];
    readonly cooldown?: Duration;
    readonly budget?: Rate;
    /** Labelled predictions become rows of a new version of this dataset, their label in this column. */
    readonly labels?: {
      readonly dataset: Dataset<unknown>;
      readonly column: string;
      readonly minimum?: number;
      readonly mostFromOne?: number;
    };
    /** The version that comes out is rolled out (default). */
    readonly rollout?: boolean;
  };
}
export const defineMonitor = <M extends Omit<Monitor, 'name'> & MonitorPolicy>(name: string, monitor: M): M & { name: string } => ({
  name,
  ...monitor,
});

type Address = string | { readonly secret: string };
/** Where notifications go; what must stay unknown is named as a secret. */
export type Channel = { readonly name: string } & ChannelKind;
type ChannelKind =
  | { readonly kind: 'webhook'; readonly url: Address; readonly authorization?: { readonly secret: string } }
  | { readonly kind: 'slack'; readonly url: Address }
  | { readonly kind: 'mail'; readonly server: Address; readonly from: string; readonly to: readonly string[] };
export const defineChannel = (name: string, channel: ChannelKind): Channel => ({ name, ...channel });

interface KpiTarget {
  readonly metric: string;
  readonly of?: string;
  readonly target: Target;
  readonly because: string;
}
export interface Project {
  readonly problem: string;
  readonly owners: readonly string[];
  readonly risk: 'minimal' | 'limited' | 'high';
  readonly kpis: Readonly<Record<string, KpiTarget>>;
  readonly datasets: readonly Dataset<unknown>[];
  readonly pipelines: readonly Pipeline[];
  readonly endpoints: readonly Endpoint[];
  readonly monitors: readonly Monitor[];
  readonly channels?: readonly Channel[];
}
export const defineProject = <const P extends Project>(name: string, project: P): P & { name: string } => ({ name, ...project });
