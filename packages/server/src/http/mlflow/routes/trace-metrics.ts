import type { Aggregation, MetricView, TraceMetricPoint, Tracking } from '../../../tracking/index.ts';
import { integerIn, list, message, oneOf, optional, type Reader, real, required, requiredList, text, wrong } from '../fields.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { epochMs, experimentId } from '../shapes.ts';

const views = { TRACES: 1, SPANS: 2, ASSESSMENTS: 3 } as const;
const view: Reader<MetricView> = (given, at) => oneOf(views)(given, at).toLowerCase() as MetricView;
const types = { COUNT: 1, SUM: 2, AVG: 3, PERCENTILE: 4, MIN: 5, MAX: 6 } as const;
const aggregation: Reader<Aggregation> = (given, at) => {
  const { aggregation_type: type, percentile_value: percent } = message({
    aggregation_type: required(oneOf(types)),
    percentile_value: optional(real),
  })(given, at);
  if (type !== 'PERCENTILE') {
    if (percent !== undefined) throw wrong(`${at}.percentile_value`, percent, 'it goes with PERCENTILE alone');
    return { type: type.toLowerCase() as 'count' };
  }
  if (percent === undefined || !(percent >= 0 && percent <= 100))
    throw wrong(`${at}.percentile_value`, percent, 'PERCENTILE needs a number from 0 to 100');
  return { type: 'percentile', at: percent };
};
const longestInterval = 100 * 366 * 24 * 60 * 60;
const mostAtOnce = 1000;

export const traceMetricRoutes = ({ traces }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'traces/metrics',
    version: '3.0',
    permission: 'runs:read',
    request: {
      experiment_ids: requiredList(experimentId),
      view_type: required(view),
      metric_name: required(text),
      aggregations: requiredList(aggregation),
      dimensions: list(text),
      filters: list(text),
      time_interval_seconds: optional(integerIn(0, longestInterval)),
      start_time_ms: optional(epochMs),
      end_time_ms: optional(epochMs),
      max_results: optional(integerIn(1, mostAtOnce)),
      page_token: optional(text),
    },
    handle: async (asked, { actor }) => {
      const { metric_name: metric, aggregations, time_interval_seconds: seconds } = asked;
      const { points, nextCursor } = await traces.metrics(actor.project, {
        experimentIds: asked.experiment_ids,
        view: asked.view_type,
        metric,
        aggregations,
        dimensions: asked.dimensions,
        filters: asked.filters,
        ...(seconds && { interval: 1000 * seconds }),
        from: asked.start_time_ms,
        to: asked.end_time_ms,
        limit: asked.max_results ?? mostAtOnce,
        cursor: asked.page_token || undefined,
      });
      return { data_points: points.map((point) => pointShape(point, metric, aggregations)), next_page_token: nextCursor };
    },
  }),
];

const pointShape = ({ time, dimensions, values }: TraceMetricPoint, metric: string, aggregations: readonly Aggregation[]) => ({
  metric_name: metric,
  dimensions: {
    ...(time !== null && { time_bucket: new Date(time).toISOString().replace(/\.000Z$/, '+00:00') }),
    ...Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, name.endsWith('_status') ? statusShape(value) : value])),
  },
  values: Object.fromEntries(aggregations.flatMap((one, i) => (values[i] === null ? [] : [[labelOf(one), values[i]]]))),
});
const statusShape = (status: string): string => (status === 'unspecified' ? 'STATE_UNSPECIFIED' : status.toUpperCase());
/** As Python writes the number of a percentile. */
const labelOf = (aggregation: Aggregation): string => {
  if (aggregation.type !== 'percentile') return aggregation.type.toUpperCase();
  return `P${Number.isInteger(aggregation.at) ? `${aggregation.at}.0` : aggregation.at}`;
};
