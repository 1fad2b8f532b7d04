import { invalid, type SearchClause, type SearchFilter } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import {
  type Condition,
  conditionOf,
  inOrder,
  isAfter,
  keyColumns,
  type Matching,
  matchingIn,
  type OrderKey,
  type Position,
  positionOf,
  type Tx,
} from '../../platform/index.ts';
import type { TraceMetricEntity } from '../search/trace-metric-fields.ts';
import { spanKeys } from './span-facts.ts';
import { traceKeys } from './trace.ts';
import type { Aggregation, MetricView, TraceMetricPoint, TraceMetricQuery } from './trace-metric.ts';

interface Asked extends Omit<TraceMetricQuery, 'filters' | 'cursor'> {
  readonly filter: SearchFilter<TraceMetricEntity> | undefined;
  readonly position: Position | undefined;
}
type Found = TraceMetricPoint & { readonly position: Position };
type Value = RawBuilder<unknown>;

const ofTrace = (table: string, key: string): Value => sql`(select value from ${sql.table(table)} where trace_id = t.id and key = ${key})`;
const session = ofTrace('trace_metadata', traceKeys.session);
/** As whole milliseconds. */
const spanStart = sql`(s.start_ns / 1000000)`;
/** Clients write an attribute's text as JSON, or plainly. */
const attribute = (matching: Matching, key: string): Value => sql`trim(${matching.member(sql`s.attributes`, key)}, '"')`;

const tables: Readonly<Record<MetricView, Value>> = {
  traces: sql`trace as t`,
  spans: sql`span as s join trace as t on t.id = s.trace_id`,
  assessments: sql`assessment as a join trace as t on t.id = a.trace_id and a.is_valid = 1`,
};
/** What is summed; of what is counted, whatever is never null. */
const measures: Readonly<Record<MetricView, (metric: string) => Value>> = {
  traces: (metric) => {
    if (metric === 'trace_count') return sql`1`;
    if (metric === 'session_count') return session;
    return metric === 'latency' ? sql`t.duration` : sql.ref(`t.${metric}`);
  },
  spans: (metric) => {
    if (metric === 'span_count') return sql`1`;
    return metric === 'latency' ? sql`((s.end_ns - s.start_ns) / 1000000)` : sql.ref(`s.${metric}`);
  },
  assessments: (metric) => (metric === 'assessment_count' ? sql`1` : sql`a.amount`),
};
const dimensionOf = (matching: Matching, dimension: string): Value => {
  switch (dimension) {
    case 'trace_name':
      return ofTrace('trace_tag', traceKeys.name);
    case 'trace_status':
      return sql`t.state`;
    case 'span_model_name':
      return attribute(matching, spanKeys.model);
    case 'span_model_provider':
      return attribute(matching, spanKeys.provider);
    case 'assessment_value':
      return sql`a.said`;
    default:
      return sql.ref(dimension.replace('span_', 's.').replace('assessment_', 'a.'));
  }
};

/** Sums come in the order of their time, then of what they are apart by. */
export const metricKeys = ({ interval, dimensions }: Pick<TraceMetricQuery, 'interval' | 'dimensions'>): OrderKey[] => [
  ...(interval === undefined ? [] : [{ value: sql.ref('bucket'), direction: 'asc', kind: 'number' } as const]),
  ...dimensions.map((_, i) => ({ value: sql.ref(`d${i}`), direction: 'asc', kind: 'text' }) as const),
];

export const traceMetricStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  return {
    /** Up to `limit` sums after the position. */
    find: async (project: ProjectRef, asked: Asked): Promise<Found[]> => {
      const { experimentIds, interval, dimensions, aggregations, limit, position } = asked;
      if (experimentIds.length === 0) return [];
      const keys = metricKeys(asked);
      const parts = keys.map(({ value }) => value);
      const columns = [
        ...(keys.length > 0 ? [keyColumns(keys)] : []),
        ...aggregations.map((one, i) => sql`${sumOf(one, asked)} as ${sql.ref(`v${i}`)}`),
      ];
      const plain = rowsOf(matching, project, asked);
      const from = aggregations.some(({ type }) => type === 'percentile') ? placed(plain, parts) : plain;
      const { rows } = await sql<Record<string, number | string | null>>`select ${sql.join(columns)} from (${from}) as valued
        ${position ? sql`where ${isAfter(keys, position)}` : sql``}
        ${keys.length > 0 ? sql`group by ${sql.join(parts)} order by ${inOrder(keys)}` : sql``} limit ${limit}`.execute(tx);
      return rows.map((row) => {
        const at = positionOf(row, keys);
        const told = interval === undefined ? at : at.slice(1);
        return {
          time: interval === undefined ? null : Number(at[0]),
          dimensions: Object.fromEntries(dimensions.map((name, i) => [name, String(told[i])])),
          values: aggregations.map((_, i) => (row[`v${i}`] === null ? null : Number(row[`v${i}`]))),
          position: at,
        };
      });
    },
  };
};

/** A row of its value, and what it is apart by, for each thing that is summed. */
const rowsOf = (matching: Matching, project: ProjectRef, asked: Asked): Value => {
  const { experimentIds, view, metric, interval, dimensions, filter, from, to } = asked;
  const value = measures[view](metric);
  const time = view === 'spans' ? spanStart : sql`t.requested_at`;
  // Spans are counted with their trace, and cost when they ran.
  const bounded = view === 'spans' && !metric.endsWith('_cost') ? sql`t.requested_at` : time;
  const apart = dimensions.map((name) => dimensionOf(matching, name));
  const columns = [
    metric === 'session_count' ? sql`${value} as value` : sql`cast(${value} as double precision) as value`,
    ...(interval === undefined ? [] : [sql`${time} / ${sql.lit(interval)} * ${sql.lit(interval)} as bucket`]),
    ...apart.map((dimension, i) => sql`${dimension} as ${sql.ref(`d${i}`)}`),
  ];
  const where = [
    sql`t.project_id = ${project.id}`,
    matching.oneOf(sql`t.experiment_id`, experimentIds),
    ...[value, ...apart].map((one) => sql`${one} is not null`),
    ...(from === undefined ? [] : [sql`${bounded} >= ${from}`]),
    ...(to === undefined ? [] : [sql`${bounded} <= ${to}`]),
    ...(filter ? [conditionOf(filter, (clause) => clauseSql(matching, view, clause))] : []),
  ];
  return sql`select ${sql.join(columns)} from ${tables[view]} where ${sql.join(where, sql` and `)}`;
};
/** Which of how many each value is among its like. */
const placed = (rows: Value, parts: readonly Value[]): Value => {
  const like = parts.length > 0 ? sql`partition by ${sql.join(parts)}` : sql``;
  return sql`select *, row_number() over (${like} order by value) - 1 as place, count(*) over (${like}) - 1 as last from (${rows}) as plain`;
};
const sumOf = (aggregation: Aggregation, { metric }: Pick<Asked, 'metric'>): Value => {
  switch (aggregation.type) {
    case 'count':
      return metric === 'session_count' ? sql`count(distinct value)` : sql`count(*)`;
    case 'percentile': {
      // The two values around the place count by how near they are; where it falls on one, that is all of it.
      const away = sql`abs(last * cast(${aggregation.at} as double precision) / 100 - place)`;
      return sql`sum(case when ${away} < 1 then value * (1 - ${away}) end)`;
    }
    default:
      return sql`${sql.raw(aggregation.type)}(value)`;
  }
};

const clauseSql = (matching: Matching, view: MetricView, clause: SearchClause<TraceMetricEntity>): Condition => {
  const { entity, key } = clause;
  if (entity !== 'trace' && `${entity}s` !== view)
    throw invalid(`Filtering by ${entity} is for the ${entity}s alone, and these are ${view}`, 'bad_filter', { key });
  if (entity === 'span') return matching.value(sql.ref(`s.${key}`), clause);
  if (entity === 'assessment') return matching.value(key === 'type' ? sql`a.kind` : sql`a.name`, clause);
  if (key === 'status') return matching.value(sql`t.state`, clause);
  const [, table, name] = /^(tag|metadata)s?\.(.+)$/s.exec(key) ?? [];
  if (table === undefined || name === undefined)
    throw invalid(
      `Sums over traces are not filtered by "${key.slice(0, 250)}": take trace.status, trace.tag.<key> or trace.metadata.<key>`,
      'bad_filter',
      { key },
    );
  const said = matching.keyed(`trace_${table}`, sql<boolean>`trace_id = t.id and key = ${name}`, clause);
  if (name !== traceKeys.sourceRun) return said;
  // A run that a trace was linked with later is no metadata.
  return sql<boolean>`(${said} or exists (select 1 from trace_run where trace_id = t.id and ${matching.value(sql.ref('run_id'), clause)}))`;
};
