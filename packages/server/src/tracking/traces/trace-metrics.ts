import { invalid, parseFilter } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { type Db, tokenOf } from '../../platform/index.ts';
import { traceMetricFields } from '../search/trace-metric-fields.ts';
import { positionIn } from '../search/position-in.ts';
import type { Aggregation, MetricView, TraceMetricPoint, TraceMetricQuery } from './trace-metric.ts';
import { metricKeys, traceMetricStore } from './trace-metric-store.ts';

interface MetricRule {
  readonly aggregations: readonly Aggregation['type'][];
  readonly dimensions: readonly string[];
}
const counted = (...dimensions: string[]): MetricRule => ({ aggregations: ['count'], dimensions });
const measured = (...dimensions: string[]): MetricRule => ({ aggregations: ['avg', 'min', 'max', 'percentile'], dimensions });
const summed = (...dimensions: string[]): MetricRule => ({ aggregations: ['sum', 'avg', 'min', 'max', 'percentile'], dimensions });
const model = ['span_model_name', 'span_model_provider'];
const rules: Readonly<Record<MetricView, Readonly<Record<string, MetricRule>>>> = {
  traces: {
    trace_count: counted('trace_name', 'trace_status'),
    session_count: counted(),
    latency: measured('trace_name'),
    input_tokens: summed('trace_name'),
    output_tokens: summed('trace_name'),
    total_tokens: summed('trace_name'),
    cache_read_input_tokens: summed('trace_name'),
    cache_creation_input_tokens: summed('trace_name'),
  },
  spans: {
    span_count: counted('span_name', 'span_type', 'span_status', ...model),
    latency: measured('span_name', 'span_status'),
    input_cost: summed(...model),
    output_cost: summed(...model),
    total_cost: summed(...model),
  },
  assessments: {
    assessment_count: counted('assessment_name', 'assessment_value'),
    assessment_value: measured('assessment_name'),
  },
};

/** Sums and the like over traces, their spans, or what is said of them. */
export const createTraceMetrics =
  ({ db }: { db: Db }) =>
  async (project: ProjectRef, query: TraceMetricQuery): Promise<{ points: TraceMetricPoint[]; nextCursor: string | null }> => {
    checkQuery(query);
    const { limit, cursor, ...asked } = query;
    const token = ['trace metrics', project.id, asked];
    const position = positionIn(cursor, token, metricKeys(query));
    const found = await traceMetricStore(db.read).find(project, { ...query, filter: filterOf(query.filters), limit: limit + 1, position });
    const kept = found.slice(0, limit);
    return {
      points: kept.filter(({ values }) => values.some((value) => value !== null)),
      nextCursor: found.length > limit ? tokenOf(token, kept.at(-1)!.position) : null,
    };
  };

/** Read as one, so that all together are bounded as one is. */
const filterOf = (filters: readonly string[]) =>
  parseFilter(
    filters
      .filter((filter) => filter.trim() !== '')
      .map((filter) => `(${filter})`)
      .join(' AND '),
    traceMetricFields,
  );

const mostSums = 100;
const checkQuery = ({ view, metric, aggregations, dimensions, interval, from, to }: TraceMetricQuery): void => {
  const rule = Object.hasOwn(rules[view], metric) ? rules[view][metric]! : undefined;
  if (!rule) throw refused('metric_name', metric, Object.keys(rules[view]));
  if (aggregations.length > mostSums) throw invalid(`No more than ${mostSums} aggregations at once: ask in parts`, 'too_many_aggregations');
  const type = aggregations.find((one) => !rule.aggregations.includes(one.type))?.type;
  if (type !== undefined) throw refused('aggregation_type', type, rule.aggregations);
  const dimension = dimensions.find((one) => !rule.dimensions.includes(one));
  if (dimension !== undefined) throw refused('dimension', dimension, rule.dimensions);
  if (new Set(dimensions).size < dimensions.length) throw invalid('A dimension is named twice: name it once', 'bad_dimensions');
  if (interval !== undefined && (from === undefined || to === undefined))
    throw invalid('Sums by time need start_time_ms and end_time_ms: say both', 'unbounded_interval');
};
const refused = (what: string, given: string, known: readonly string[]) =>
  invalid(
    `Found invalid ${what}(s): '${given.slice(0, 250)}'. ${known.length === 0 ? 'This metric takes none' : `Take ${known.join(', ')}`}`,
    'unknown_metric',
    { what },
  );
