import { invalid, type SearchClause, type SearchFilter, type SearchOrder } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { type Condition, conditionOf, matchingIn, type OrderKey, pageOfIds, type Position, type Tx } from '../../platform/index.ts';
import type { TraceCounts } from '../traces/association.ts';
import { taggedAttributes, type TraceEntity } from './trace-fields.ts';

export interface TraceSearch {
  readonly experimentIds: readonly string[];
  readonly filter: SearchFilter<TraceEntity> | undefined;
  readonly order: readonly SearchOrder<TraceEntity>[];
  readonly limit: number;
  readonly position: Position | undefined;
}
/** Two filters over the traces that a third leaves. */
export interface TracePair {
  readonly experimentIds: readonly string[];
  readonly among: SearchFilter<TraceEntity> | undefined;
  readonly first: SearchFilter<TraceEntity> | undefined;
  readonly second: SearchFilter<TraceEntity> | undefined;
}
export interface FoundTrace {
  readonly id: string;
  readonly position: Position;
}

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  request_id: sql`t.id`,
  client_request_id: sql`t.client_request_id`,
  status: sql`t.state`,
  timestamp: sql`t.requested_at`,
  end_time: sql`(t.requested_at + t.duration)`,
  execution_time: sql`t.duration`,
};
const numbers = new Set(['timestamp', 'end_time', 'execution_time']);
const spanColumns = new Set(['name', 'type', 'status']);
const tables = { tag: 'trace_tag', metadata: 'trace_metadata' } as const;

const keysBy = ({ entity, key, direction }: SearchOrder<TraceEntity>): OrderKey[] => {
  const value = valueOf(entity, key);
  const isNumber = entity === 'attribute' && numbers.has(key);
  return [
    // What lacks the value comes last either way.
    { value: sql`case when ${value} is null then 2 else 0 end`, direction: 'asc', kind: 'rank' },
    { value: sql`coalesce(${value}, ${isNumber ? sql`0` : sql`''`})`, direction, kind: isNumber ? 'number' : 'text' },
  ];
};
const valueOf = (entity: TraceEntity, key: string): RawBuilder<unknown> => {
  const keyed = (table: string, name: string) => sql`(select value from ${sql.table(table)} where trace_id = t.id and key = ${name})`;
  if (entity === 'tag' || entity === 'metadata') return keyed(tables[entity], key);
  const tag = taggedAttributes[key];
  if (tag !== undefined) return keyed('trace_tag', tag);
  if (key === 'run_id') return sql`(select min(run_id) from trace_run where trace_id = t.id)`;
  const column = columns[key];
  if (!column)
    throw invalid(`Traces cannot be ordered by ${key}: take a time, the status, the name, a tag or metadata`, 'bad_filter', { key });
  return column;
};
/** Newest first where no order is asked for. */
export const traceKeysBy = (order: readonly SearchOrder<TraceEntity>[]): OrderKey[] => [
  ...order.flatMap(keysBy),
  { value: columns['timestamp']!, direction: 'desc', kind: 'number' },
  { value: columns['request_id']!, direction: 'asc', kind: 'text' },
];

export const traceSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const exists = (table: string, what: Condition) =>
    sql<boolean>`exists (select 1 from ${sql.table(table)} where trace_id = t.id and ${what})`;
  /** Of what a trace has several of: one is enough. */
  const some = (table: string, what: Condition, { clause, value }: { clause: SearchClause<TraceEntity>; value: RawBuilder<unknown> }) => {
    if (clause.operator === 'IS NULL') return sql<boolean>`not ${exists(table, what)}`;
    return exists(table, sql<boolean>`${what} and ${matching.value(value, clause)}`);
  };
  const any = sql<boolean>`1 = 1`;
  const content = (clause: SearchClause<TraceEntity>) =>
    exists(
      'span',
      sql<boolean>`(${sql.join(
        ['name', 'attributes', 'rest'].map((column) => matching.value(sql.ref(column), clause)),
        sql` or `,
      )})`,
    );
  const ofSpan = (clause: SearchClause<TraceEntity>): Condition => {
    const { key } = clause;
    if (key === 'content') return content(clause);
    if (spanColumns.has(key)) return some('span', any, { clause, value: sql.ref(key) });
    const attribute = /^attributes\.([\w./:@ -]+)$/.exec(key)?.[1];
    if (attribute === undefined)
      throw invalid(
        `Spans are not searched by "${key.slice(0, 250)}": take name, type, status, content or attributes.<key>`,
        'bad_filter',
        { key },
      );
    return some('span', any, { clause, value: sql`cast(${matching.member(sql`attributes`, attribute)} as text)` });
  };
  const clauseSql = (clause: SearchClause<TraceEntity>): Condition => {
    const { entity, key } = clause;
    switch (entity) {
      case 'tag':
      case 'metadata':
        return matching.keyed(tables[entity], sql<boolean>`trace_id = t.id and key = ${key}`, clause);
      case 'feedback':
      case 'expectation':
        return some('assessment', sql<boolean>`kind = ${entity} and name = ${key}`, { clause, value: sql`value` });
      case 'issue':
        return some('assessment', sql<boolean>`kind = 'issue'`, { clause, value: sql`name` });
      case 'span':
        return ofSpan(clause);
      case 'attribute': {
        const tag = taggedAttributes[key];
        if (tag !== undefined) return matching.keyed('trace_tag', sql<boolean>`trace_id = t.id and key = ${tag}`, clause);
        if (key === 'run_id') return some('trace_run', any, { clause, value: sql`run_id` });
        if (key === 'text') return content(clause);
        // A filter may say 1.5, which Postgres takes for no whole number.
        return matching.value(numbers.has(key) ? sql`cast(${columns[key]!} as double precision)` : columns[key]!, clause);
      }
    }
  };
  const filterSql = (filter: SearchFilter<TraceEntity> | undefined): Condition => (filter ? conditionOf(filter, clauseSql) : any);
  return {
    /** How many the two find, alone and together: each trace is looked at once. */
    count: async (project: ProjectRef, { experimentIds, among, first, second }: TracePair): Promise<TraceCounts> => {
      if (experimentIds.length === 0) return { all: 0, first: 0, second: 0, both: 0 };
      const where = [sql`t.project_id = ${project.id}`, matching.oneOf(sql`t.experiment_id`, experimentIds), filterSql(among)];
      const looked = sql`select case when ${filterSql(first)} then 1 else 0 end as one, case when ${filterSql(second)} then 1 else 0 end as other from trace as t where ${sql.join(where, sql` and `)}`;
      const { rows } = await sql<
        Record<keyof TraceCounts, number | string>
      >`select count(*) as "all", coalesce(sum(one), 0) as first, coalesce(sum(other), 0) as second, coalesce(sum(one * other), 0) as both from (${looked}) as looked`.execute(
        tx,
      );
      const [row] = rows;
      return { all: Number(row!.all), first: Number(row!.first), second: Number(row!.second), both: Number(row!.both) };
    },
    /** Up to `limit` traces after the position. */
    find: async (project: ProjectRef, { experimentIds, filter, order, limit, position }: TraceSearch): Promise<FoundTrace[]> => {
      if (experimentIds.length === 0) return [];
      const keys = traceKeysBy(order);
      const where = [
        sql`t.project_id = ${project.id}`,
        matching.oneOf(sql`t.experiment_id`, experimentIds),
        ...(filter ? [conditionOf(filter, clauseSql)] : []),
      ];
      return pageOfIds(tx, { id: sql`t.id`, from: sql`trace as t`, where, keys, position, limit });
    },
  };
};
