import type { MeasuredMetric } from '@boucle/contract';
import { bootstrap, classificationMetrics, type Interval, type Proportion } from '@boucle/statistics';
import type { LabelCounts } from './window-facts.ts';

type Pairs = LabelCounts['pairs'];
/** What is computed from labels; `metric` and, for metrics of one label, `of`. */
type Measure = Omit<MeasuredMetric, 'metric' | 'of'>;

export const labelsIn = (pairs: Pairs): string[] => [...new Set(pairs.flatMap(([predicted, actual]) => [predicted, actual]))].sort();
export const rowsIn = (pairs: Pairs): number => pairs.reduce((sum, [, , rows]) => sum + rows, 0);
export const wrongIn = (pairs: Pairs): number =>
  pairs.reduce((sum, [predicted, actual, rows]) => sum + (predicted === actual ? 0 : rows), 0);
export const confusionOf = (pairs: Pairs): { labels: string[]; counts: number[][] } => {
  const labels = labelsIn(pairs);
  const place = new Map(labels.map((label, i) => [label, i]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const [predicted, actual, rows] of pairs) counts[place.get(actual)!]![place.get(predicted)!]! += rows;
  return { labels, counts };
};

const bounds = (interval: Interval | null): [number, number] | null => interval && [interval.low, interval.high];
const share = ({ value, interval }: Proportion): Measure => ({ value, interval: bounds(interval), method: 'Wilson' });
/** Of rows that were said or are of a label, those that both were and are: f1 = 2j/(1 + j) of this share, so its interval follows. */
const f1From = ({ successes, trials }: { successes: number; trials: number }, shareOf: (s: number, n: number) => Proportion): Measure => {
  const { value, interval } = shareOf(successes, trials);
  const f1 = (j: number): number => (2 * j) / (1 + j);
  return {
    value: value === null ? null : f1(value),
    interval: interval && [f1(interval.low), f1(interval.high)],
    method: "Wilson of Jaccard's share",
  };
};
const mostLabels = 50;
const bootstrapRows = 20_000;

/** Every metric that labels alone decide, by name. */
export const metricsOf = (pairs: Pairs, proportion: (successes: number, trials: number) => Proportion): MeasuredMetric[] => {
  const rows = rowsIn(pairs);
  if (rows === 0) return [];
  const right = rows - wrongIn(pairs);
  const metrics: MeasuredMetric[] = [{ metric: 'accuracy', of: null, ...share(proportion(right, rows)) }];
  for (const of of labelsIn(pairs).slice(0, mostLabels)) {
    const count = (isCounted: (predicted: boolean, actual: boolean) => boolean): number =>
      pairs.reduce((sum, [predicted, actual, n]) => sum + (isCounted(predicted === of, actual === of) ? n : 0), 0);
    const hits = count((predicted, actual) => predicted && actual);
    metrics.push(
      {
        metric: 'recall',
        of,
        ...share(
          proportion(
            hits,
            count((_, actual) => actual),
          ),
        ),
      },
      {
        metric: 'precision',
        of,
        ...share(
          proportion(
            hits,
            count((predicted) => predicted),
          ),
        ),
      },
      { metric: 'f1', of, ...f1From({ successes: hits, trials: count((predicted, actual) => predicted || actual) }, proportion) },
    );
  }
  return metrics;
};

/** The mean over labels, for which only resampling gives an interval. */
export const macroF1 = (pairs: Pairs): Measure => {
  const labels = labelsIn(pairs);
  const rows = rowsIn(pairs);
  const macro = (some: Pairs): number | null => {
    const actual: string[] = [];
    const predicted: string[] = [];
    for (const [said, is, n] of some)
      for (let i = 0; i < n; i++) {
        actual.push(is);
        predicted.push(said);
      }
    return classificationMetrics({ actual, predicted, labels }).macro.f1;
  };
  if (rows === 0) return { value: null, interval: null, method: 'bootstrap' };
  if (rows > bootstrapRows) return { value: macro(pairs), interval: null, method: `no interval above ${bootstrapRows} rows` };
  const cellOfRow = pairs.flatMap(([, , n], cell) => Array.from({ length: n }, () => cell));
  const estimate = bootstrap(
    (drawn) => {
      const counts = pairs.map(() => 0);
      for (const row of drawn) counts[cellOfRow[row]!]!++;
      return macro(pairs.map(([predicted, actual], cell) => [predicted, actual, counts[cell]!] as const));
    },
    { rows, method: 'percentile', replicates: 200 },
  );
  return { value: estimate.value, interval: bounds(estimate.interval), method: estimate.method };
};
