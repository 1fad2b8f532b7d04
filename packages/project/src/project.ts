import type { Dataset } from './dataset.ts';
import type { Pipeline } from './pipeline.ts';

type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;
type Target = { readonly atLeast: number } | { readonly atMost: number };

/** Promotion asks these of a new version. Each is judged on evidence with an interval; against the champion in pairs, on the same rows. */
export interface Gate {
  readonly metric: string;
  readonly of?: string;
  readonly atLeast?: number;
  readonly noWorseThan?: 'champion';
  readonly margin?: number;
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
  readonly approvals?: number;
  readonly shadow?: { readonly share: number; readonly pairs: number };
  /** `alpha`: how often a healthy version may be rolled back, and one worse by `margin` promoted. */
  readonly canary?: { readonly shares: readonly number[]; readonly alpha: number; readonly margin: number };
}
export const defineEndpoint = <E extends Omit<Endpoint, 'name'> & EndpointPolicy>(name: string, endpoint: E): E & { name: string } => ({
  name,
  ...endpoint,
});

export interface Monitor {
  readonly name: string;
  readonly endpoint: Endpoint;
}
interface AlertRule {
  readonly name: string;
  readonly count: Readonly<Record<string, string>>;
  readonly above: number;
  readonly within: Duration;
  readonly notify: readonly string[];
}
interface MonitorPolicy {
  readonly drift?: { readonly columns: readonly string[]; readonly falseAlarms: `${number} a ${'day' | 'month' | 'year'}` };
  readonly alerts?: readonly AlertRule[];
  readonly retrain?: { readonly pipeline: Pipeline; readonly on: readonly ('drift' | `kpi:${string}`)[]; readonly cooldown?: Duration };
}
export const defineMonitor = <M extends Omit<Monitor, 'name'> & MonitorPolicy>(name: string, monitor: M): M & { name: string } => ({
  name,
  ...monitor,
});

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
}
export const defineProject = <const P extends Project>(name: string, project: P): P & { name: string } => ({ name, ...project });
