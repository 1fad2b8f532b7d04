import { invalid, type Metric } from '@boucle/contract';

/** One point as both databases hold it: SQLite has no NaN, so a flag stands for it. */
export interface MetricPoint {
  readonly key: string;
  readonly step: number;
  readonly time: number;
  readonly is_nan: number;
  readonly value: number;
}
export type Real = Metric['value'];

export const pointOf = ({ key, value, step = 0, time }: Metric, now: number): MetricPoint => {
  const number = Number(value);
  const at = time ?? now;
  if (!Number.isSafeInteger(step) || !Number.isSafeInteger(at))
    throw invalid(`Metric "${key}": step and time have to be integers below 2^53`, 'number_too_large', { key });
  const isNan = Number.isNaN(number);
  return { key, step, time: at, is_nan: isNan ? 1 : 0, value: isNan ? 0 : number };
};

/** NaN and the infinities are not JSON. */
export const realOf = ({ is_nan, value }: Pick<MetricPoint, 'is_nan' | 'value'>): Real => {
  if (is_nan) return 'NaN';
  return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity';
};

const order = ['key', 'step', 'time', 'is_nan', 'value'] as const;
/** By key, then step, then time, then value, NaN after all numbers. */
export const compare = (a: MetricPoint, b: MetricPoint): number => {
  const differing = order.find((part) => a[part] !== b[part]);
  if (!differing) return 0;
  return a[differing] < b[differing] ? -1 : 1;
};

/** The last point of each key, by step, then time, then value. */
export const latestOf = (points: readonly MetricPoint[]): MetricPoint[] => {
  const latest = new Map<string, MetricPoint>();
  for (const point of points) {
    const before = latest.get(point.key);
    if (!before || compare(before, point) < 0) latest.set(point.key, point);
  }
  return [...latest.values()];
};
