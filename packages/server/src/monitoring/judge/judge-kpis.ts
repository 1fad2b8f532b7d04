import type { WindowKpi, WindowTraffic } from '@boucle/contract';
import { proportion, quantileSketchFrom } from '@boucle/statistics';
import type { PartForm } from '../columns/part-counts.ts';
import { macroF1, metricsOf, rowsIn } from './label-metrics.ts';
import { isWhole, type KpiPolicy, type LabelCounts, type Policy } from './window-facts.ts';

type Found = Pick<WindowKpi, 'value' | 'interval' | 'why'>;
const nothing = (why: string): Found => ({ value: null, interval: null, why });

/** Whether the endpoint keeps its targets: all live variants together, for that is what callers get. */
export const judgeKpis = (kpis: Policy['kpis'], parts: readonly PartForm[], labels: readonly LabelCounts[]): WindowKpi[] =>
  kpis.map(({ name, metric, of, target }) => {
    const found = find({ metric, of }, parts.filter(isWhole), labels.filter(isWhole));
    return { kpi: name, metric, of, ...found, target, verdict: verdictOf(found, target) };
  });

const verdictOf = ({ interval }: Found, { atLeast, atMost }: KpiPolicy['target']): WindowKpi['verdict'] => {
  if (!interval) return 'unsure';
  const [low, high] = interval;
  if ((atLeast !== undefined && high < atLeast) || (atMost !== undefined && low > atMost)) return 'missed';
  return (atLeast === undefined || low >= atLeast) && (atMost === undefined || high <= atMost) ? 'met' : 'unsure';
};

const find = ({ metric, of }: Pick<KpiPolicy, 'metric' | 'of'>, parts: readonly PartForm[], labels: readonly LabelCounts[]): Found => {
  const latency = /^latency_p(\d{2,3})_ms$/.exec(metric)?.[1];
  if (latency !== undefined) return latencyOf(parts, Number(latency) / 10 ** latency.length);
  const requests = parts.reduce((sum, part) => sum + part.requests, 0);
  if (metric === 'error_rate') {
    const { value, interval } = proportion(
      parts.reduce((sum, { errors }) => sum + errors, 0),
      requests,
    );
    return { value, interval: interval && [interval.low, interval.high], why: requests === 0 ? 'there were no requests' : null };
  }
  const pairs = labels.flatMap((part) => part.pairs);
  if (rowsIn(pairs) === 0) return nothing('no labels came for this window');
  if (metric === 'f1_macro') {
    const { value, interval, method } = macroF1(pairs);
    return { value, interval, why: interval ? null : method };
  }
  const wanted = (one: { metric: string; of: string | null }): boolean =>
    (one.metric === metric && one.of === of) || `${one.metric}_${one.of?.replaceAll(/[^\w. -]/g, '_')}` === metric;
  const measured = metricsOf(pairs, proportion).find(wanted);
  if (!measured) return nothing(`${of === null ? metric : `${metric} of ${of}`} cannot be computed from the labels that came`);
  return { value: measured.value, interval: measured.interval, why: measured.value === null ? 'no label that came decides it' : null };
};

/** By order statistics: of n requests, the ranks that hold the quantile in 95 of 100 cases, and the sketch's own error. */
const latencyOf = (parts: readonly PartForm[], share: number): Found => {
  const sketches = parts.flatMap(({ latency }) => (latency ? [quantileSketchFrom(latency)] : []));
  const all = sketches.slice(1).reduce((sum, one) => sum.mergedWith(one), sketches[0]!);
  const n = all?.count() ?? 0;
  if (n === 0) return nothing('there were no requests');
  const { low, high } = proportion(Math.round(share * n), n).interval!;
  const least = Math.ceil(Math.log(0.05) / Math.log(share));
  const value = all.quantile(share).value;
  if (n < least) return { value, interval: null, why: `${n} requests are too few for an interval; ${least} are needed` };
  return { value, interval: [all.quantile(low).interval!.low, all.quantile(high).interval!.high], why: null };
};

/** What each variant did as a machine. */
export const trafficOf = (parts: readonly PartForm[]): WindowTraffic[] =>
  parts
    .filter(({ slice }) => slice === null)
    .map(({ variant, mode, modelVersionId, rows, requests, errors, refused, latency }) => {
      const sketch = latency && quantileSketchFrom(latency);
      const at = (share: number): number => sketch!.quantile(share).value!;
      const latencyMs = sketch && sketch.count() > 0 ? { p50: at(0.5), p95: at(0.95), p99: at(0.99) } : null;
      return { variant, mode, modelVersionId, rows, requests, errors, refused, latencyMs };
    });
