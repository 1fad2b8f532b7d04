import { createHash } from 'node:crypto';
import { type Alert, type AlertRule, canonicalJson, type DeclaredMonitor, durationMs } from '@boucle/contract';
import type { BurstRule } from './burst.ts';
import type { Facts } from './facts.ts';
import type { ShareRule } from './share.ts';

export type Kind = Alert['kind'];
/** A rule of a monitor, ready to be held against records. */
export interface Rule {
  readonly name: string;
  readonly kind: Kind;
  readonly spec: AlertRule;
  /** Another definition is another rule: what was known of the old one says nothing of it. */
  readonly digest: string;
  readonly severity: Alert['severity'];
  readonly forMs: number;
  readonly groupBy: readonly string[];
  /** Of the rules that count records. */
  readonly burst?: BurstRule & { readonly counts: (facts: Facts) => boolean };
  readonly share?: ShareRule & { readonly counts: (facts: Facts) => boolean; readonly hits: (facts: Facts) => boolean };
  readonly noDataMs?: number;
}

const defaultLateness = '5m';
export const latenessOf = ({ windows }: DeclaredMonitor): number => durationMs(windows?.lateness ?? defaultLateness);
export const rulesOf = ({ alerts = [] }: DeclaredMonitor): Rule[] => alerts.map(ruleOf);

const ruleOf = (spec: AlertRule): Rule => {
  const { name, severity = 'warning', for: holdsFor, groupBy = [] } = spec;
  const common = {
    name,
    spec,
    digest: createHash('sha256').update(canonicalJson(spec)).digest('hex'),
    severity,
    forMs: holdsFor === undefined ? 0 : durationMs(holdsFor),
    groupBy,
  };
  if ('count' in spec) {
    const burst = { enough: Math.floor(spec.above) + 1, withinMs: durationMs(spec.within), counts: answeredWhere(spec.count) };
    return { ...common, kind: 'count', burst };
  }
  if ('share' in spec) {
    const share = { above: spec.above, withinMs: durationMs(spec.within), counts: isAnswered, hits: answeredWhere(spec.share) };
    return { ...common, kind: 'share', share };
  }
  if ('latency' in spec) {
    const { latency, above, within } = spec;
    // A quantile is above a bound where more than the rest of the requests are: so its certainty is that of a share.
    const slow = (facts: Facts): boolean => facts.latencyMs > above;
    const counts = (facts: Facts): boolean => facts.isRequest && facts.isAnswered;
    return { ...common, kind: 'latency', share: { above: 1 - latency.quantile, withinMs: durationMs(within), counts, hits: slow } };
  }
  if ('errorRate' in spec) {
    const counts = (facts: Facts): boolean => facts.isRequest;
    const share = { above: spec.errorRate.above, withinMs: durationMs(spec.within), counts, hits: (facts: Facts) => facts.isFault };
    return { ...common, kind: 'errorRate', share };
  }
  if ('noData' in spec) return { ...common, groupBy: [], kind: 'noData', noDataMs: durationMs(spec.noData) };
  return { ...common, groupBy: [], kind: 'kpi' in spec ? 'kpi' : 'drift' in spec ? 'drift' : 'quality' };
};

const isAnswered = (facts: Facts): boolean => facts.isAnswered;
const answeredWhere = (where: Readonly<Record<string, string>>) => {
  const wanted = Object.entries(where);
  return (facts: Facts): boolean => facts.isAnswered && wanted.every(([column, value]) => facts.valueOf(column) === value);
};
