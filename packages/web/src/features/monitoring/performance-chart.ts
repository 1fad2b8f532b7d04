import type { MonitorWindowDetail, PerformancePoint } from '@boucle/contract';
import type { LineSpec, Values } from '../../ui/chart/line-layout.ts';

export interface Metric {
  readonly metric: string;
  readonly of: string | null;
}
export const metricKey = ({ metric, of }: Metric): string => (of === null ? metric : `${metric}~${of}`);
export const metricOf = (key: string): Metric => {
  const at = key.indexOf('~');
  return at < 0 ? { metric: key, of: null } : { metric: key.slice(0, at), of: key.slice(at + 1) };
};

/** What can be drawn: what labels or estimates of the window measured, accuracy before all. */
export const metricsIn = ({ performance, estimates }: Pick<MonitorWindowDetail, 'performance' | 'estimates'>): Metric[] => {
  const found = [{ metric: 'accuracy', of: null }, ...performance.flatMap(({ metrics }) => metrics), ...estimates];
  return [...new Map(found.map(({ metric, of }) => [metricKey({ metric, of }), { metric, of }])).values()];
};

export const variantsIn = (points: readonly PerformancePoint[]): string[] => [...new Set(points.map(({ variant }) => variant))].sort();

/** Of each window the variant of which most is known: variants come and go with rollouts, and the line goes on. */
const mostLabelled = (points: readonly PerformancePoint[]): PerformancePoint[] => {
  const most = new Map<string, PerformancePoint>();
  for (const point of points) {
    const known = most.get(point.windowId);
    if (!known || point.labelled > known.labelled || (point.labelled === known.labelled && known.variant === 'candidate'))
      most.set(point.windowId, point);
  }
  return [...most.values()];
};

/** A variant's metric over the windows, or that of the one with the most labels in each, oldest first: what labels say, and what was estimated without them, each with its interval. */
export const performanceSpec = (
  points: readonly PerformancePoint[],
  { variant, target }: { variant: string | undefined; target: { atLeast?: number; atMost?: number } | undefined },
  names: { readonly real: string; readonly estimated: string; readonly target: (value: number) => string },
): { readonly spec: LineSpec; readonly windows: readonly PerformancePoint[] } => {
  const windows = (variant === undefined ? mostLabelled(points) : points.filter((point) => point.variant === variant)).sort((a, b) =>
    a.from < b.from ? -1 : 1,
  );
  const ends = (of: (point: PerformancePoint) => readonly [number, number] | null | undefined, end: 0 | 1): Values =>
    windows.map((point) => of(point)?.[end] ?? null);
  const bound = target?.atLeast ?? target?.atMost;
  return {
    windows,
    spec: {
      x: windows.map((_, i) => i),
      lines: [
        { name: names.real, ink: 'baseline', values: windows.map(({ value }) => value) },
        { name: names.estimated, ink: 'candidate', values: windows.map(({ estimate }) => estimate?.value ?? null) },
      ],
      bands: [
        { ink: 'baseline', low: ends(({ interval }) => interval, 0), high: ends(({ interval }) => interval, 1) },
        { ink: 'candidate', low: ends(({ estimate }) => estimate?.interval, 0), high: ends(({ estimate }) => estimate?.interval, 1) },
      ],
      ...(bound !== undefined && { thresholds: [{ value: bound, label: names.target(bound), ink: 'quiet' as const }] }),
    },
  };
};
