import type { MetricPoint, Step } from './metric-point.ts';

/** The latest point of a run's metric. SQLite has no NaN: the flag stands for it, and the value is 0. */
export interface LatestRow {
  run_id: string;
  /** A search goes by an experiment and a value. */
  experiment_id: string;
  key: string;
  step: Step;
  time: number;
  is_nan: number;
  value: number;
}
export const latestPoint = ({ key, step, time, is_nan, value }: Omit<LatestRow, 'run_id' | 'experiment_id'>): MetricPoint => ({
  key,
  step,
  time,
  value: is_nan ? Number.NaN : value,
});
