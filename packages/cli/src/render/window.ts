import type { ColumnDrift, MonitorWindow, MonitorWindowDetail, WindowEstimate, WindowKpi } from '@boucle/contract';
import { clip, count, measure, plural, time } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { table } from '../terminal/table.ts';

/** What a window came to, in a few words. */
export const verdictText = ({ rows, drifted, faults, missed }: MonitorWindow): string => {
  const said = [
    faults > 0 ? plural(faults, 'fault of the data', 'faults of the data') : '',
    drifted.length > 0 ? `drift of ${drifted.join(', ')}` : '',
    missed.length > 0 ? `missed ${missed.join(', ')}` : '',
  ].filter((text) => text !== '');
  if (said.length > 0) return said.join('; ');
  return rows === 0 ? 'nothing came' : 'nothing found';
};

/** `2026-11-21 10:00 to 11:00Z` */
export const stretch = ({ from, to }: Pick<MonitorWindow, 'from' | 'to'>): string =>
  from.slice(0, 10) === to.slice(0, 10) ? `${time(from).slice(0, -4)} to ${to.slice(11, 16)}Z` : `${time(from)} to ${time(to)}`;

const valueText = (value: number | null, interval: readonly [number, number] | null): string =>
  value === null ? '' : interval ? `${measure(value)} (${measure(interval[0])} to ${measure(interval[1])})` : measure(value);
const whose = ({ variant, mode, slice }: Pick<ColumnDrift, 'variant' | 'mode' | 'slice'>): string =>
  [variant, mode === 'shadow' ? 'shadow' : '', slice ? `${slice.column} = ${slice.value}` : ''].filter((text) => text !== '').join(', ');
const sureness = ({ significant, material, verdict, why }: ColumnDrift): string => {
  if (why !== null && (verdict === 'not testable' || verdict === 'faulty')) return why;
  if (verdict === 'drift') return 'sure, and large enough to matter';
  if (significant) return 'sure, but too small to matter';
  return material ? 'large, but so few rows may show that by chance' : 'as usual';
};
const targetText = ({ target }: WindowKpi): string =>
  [target.atLeast === undefined ? '' : `at least ${target.atLeast}`, target.atMost === undefined ? '' : `at most ${target.atMost}`]
    .filter((text) => text !== '')
    .join(', ');
const heldText = ({ heldUp }: WindowEstimate): string =>
  heldUp === null ? 'no labels yet' : heldUp ? 'labels agree' : 'labels do not agree';

/** All of a window, in the order in which it should be believed: the data first, then what may have changed, then what it means. */
export const windowText = (window: MonitorWindowDetail, paint: Paint): string => {
  const { columns, quality, performance, estimates, kpis, traffic, budget } = window;
  const words = columns.flatMap((column) => column.words);
  const section = <T>(title: string, rows: readonly T[], shown: Parameters<typeof table<T>>[1]): string[] =>
    rows.length === 0 ? [] : ['', paint('bold', title), table(rows, shown, paint)];
  return [
    paint('bold', `${window.monitor}: ${stretch(window)}`),
    `${plural(window.rows, 'row')}, ${count(window.labelled)} with labels; version ${window.version}${window.latest ? '' : ', not the latest'}`,
    verdictText(window),
    ...section('Data quality', quality, {
      variant: ({ variant }) => variant,
      finding: ({ message }) => message,
      fault: ({ isFault }) => (isFault ? 'yes' : 'no'),
    }),
    ...section('Compared with the reference', columns, {
      column: ({ column, measure: of }) => (of === null ? column : `${column}, ${of}`),
      of: whose,
      verdict: ({ verdict }) => verdict,
      'rows moved': ({ totalVariation }) => (totalVariation === null ? '' : `${measure(100 * totalVariation)} %`),
      p: ({ pValue }) => (pValue === null ? '' : measure(pValue)),
      because: (column) => clip(sureness(column), 90),
    }),
    ...(budget ? ['', budget.sentence] : []),
    ...section('Words that came or went', words, {
      word: ({ word }) => word,
      'of the reference': ({ reference }) => `${measure(100 * reference)} %`,
      'of the window': ({ current }) => `${measure(100 * current)} %`,
    }),
    ...section(
      'From labels',
      performance.flatMap((part) => part.metrics.map((metric) => ({ ...metric, part }))),
      {
        of: ({ part }) => whose(part),
        metric: ({ metric, of }) => (of === null ? metric : `${metric} of ${of}`),
        value: ({ value, interval }) => valueText(value, interval),
        labels: ({ part }) => count(part.labelled),
      },
    ),
    ...section('Estimated without labels', estimates, {
      of: whose,
      metric: ({ metric, of }) => (of === null ? metric : `${metric} of ${of}`),
      value: ({ value, interval }) => valueText(value, interval),
      'and then': heldText,
    }),
    ...section('KPIs', kpis, {
      kpi: ({ kpi }) => kpi,
      value: ({ value, interval }) => valueText(value, interval),
      target: targetText,
      verdict: ({ verdict }) => verdict,
      because: ({ why }) => why,
    }),
    ...section('Traffic', traffic, {
      variant: whoseTraffic,
      requests: ({ requests }) => count(requests),
      errors: ({ errors }) => count(errors),
      refused: ({ refused }) => count(refused),
      'p95 ms': ({ latencyMs }) => (latencyMs ? measure(latencyMs.p95) : ''),
    }),
  ].join('\n');
};
const whoseTraffic = ({ variant, mode }: { variant: string; mode: string }): string => (mode === 'shadow' ? `${variant}, shadow` : variant);
