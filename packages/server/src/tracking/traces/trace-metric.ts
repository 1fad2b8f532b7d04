/** What is summed up; each view counts other things, in MLflow's names. */
export type MetricView = 'traces' | 'spans' | 'assessments';
export type Aggregation =
  | { readonly type: 'count' | 'sum' | 'avg' | 'min' | 'max' }
  /** From 0 to 100, between two values in proportion. */
  | { readonly type: 'percentile'; readonly at: number };
export interface TraceMetricQuery {
  readonly experimentIds: readonly string[];
  readonly view: MetricView;
  readonly metric: string;
  readonly aggregations: readonly Aggregation[];
  /** What the sums are apart by. */
  readonly dimensions: readonly string[];
  /** All of them hold. */
  readonly filters: readonly string[];
  /** In milliseconds: the sums are apart by it too. */
  readonly interval?: number | undefined;
  /** Milliseconds since the epoch; both belong to it. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface TraceMetricPoint {
  /** When its interval begins. */
  readonly time: number | null;
  readonly dimensions: Readonly<Record<string, string>>;
  /** In the order of the aggregations; null where there was nothing. */
  readonly values: readonly (number | null)[];
}
