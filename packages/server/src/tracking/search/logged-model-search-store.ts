import type { SearchClause, SearchFilter, SearchKey } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { type Condition, conditionOf, matchingIn, type OrderKey, pageOfIds, type Position, type Tx } from '../../platform/index.ts';
import type { LoggedModelEntity } from './logged-model-fields.ts';

/** Of any digest where none is said. */
export interface MeasuredOn {
  readonly name: string;
  readonly digest?: string | undefined;
}
export interface LoggedModelOrder extends SearchKey<LoggedModelEntity> {
  readonly direction: 'asc' | 'desc';
  readonly on?: MeasuredOn | undefined;
}
export interface LoggedModelSearch {
  readonly experimentIds: readonly string[];
  readonly filter: SearchFilter<LoggedModelEntity> | undefined;
  /** Metrics on other data sets do not count; any does where none is said. */
  readonly datasets: readonly MeasuredOn[];
  readonly order: readonly LoggedModelOrder[];
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface FoundModel {
  readonly id: string;
  readonly position: Position;
}

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: sql`m.name`,
  model_id: sql`m.id`,
  model_type: sql`m.model_type`,
  status: sql`m.status`,
  source_run_id: sql`m.source_run_id`,
  experiment_id: sql`m.experiment_id`,
  creation_timestamp: sql`m.created_at`,
  last_updated_timestamp: sql`m.updated_at`,
};
const times = new Set(['creation_timestamp', 'last_updated_timestamp']);
/** MLflow's clients know what was not said as the empty text; whether it is there can still be asked. */
const emptyIfUnsaid = new Set(['model_type', 'source_run_id']);
const askedOf = ({ key, operator }: SearchClause<LoggedModelEntity>): RawBuilder<unknown> => {
  const column = columns[key]!;
  return emptyIfUnsaid.has(key) && !operator.startsWith('IS') ? sql`coalesce(${column}, '')` : column;
};
const tables = { param: 'logged_model_param', tag: 'logged_model_tag' } as const;

const onDataset = ({ name, digest }: MeasuredOn): Condition =>
  digest === undefined ? sql<boolean>`dataset_name = ${name}` : sql<boolean>`(dataset_name = ${name} and dataset_digest = ${digest})`;
const onAny = (datasets: readonly MeasuredOn[]): Condition =>
  datasets.length === 0 ? sql<boolean>`` : sql<boolean>`and (${sql.join(datasets.map(onDataset), sql` or `)})`;

/** What lacks the value comes last either way. */
const keysBy = ({ entity, key, direction, on }: LoggedModelOrder): OrderKey[] => {
  if (entity === 'metric') {
    const latest = (what: string) =>
      sql`(select ${sql.raw(what)} from logged_model_metric where model_id = m.id and key = ${key} ${onAny(on ? [on] : [])} order by time desc, step desc limit 1)`;
    return [
      { value: sql`coalesce(${latest('is_nan')}, 2)`, direction: 'asc', kind: 'rank' },
      { value: sql`coalesce(${latest('value')}, 0)`, direction, kind: 'number' },
    ];
  }
  const value = columns[key]!;
  return [
    { value: sql`case when ${value} is null then 2 else 0 end`, direction: 'asc', kind: 'rank' },
    { value: sql`coalesce(${value}, '')`, direction, kind: 'text' },
  ];
};
export const loggedModelKeys = (order: readonly LoggedModelOrder[]): OrderKey[] => [
  ...order.flatMap(keysBy),
  { value: columns['creation_timestamp']!, direction: 'desc', kind: 'text' },
  { value: columns['model_id']!, direction: 'asc', kind: 'text' },
];

export const loggedModelSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const clauseSql =
    (datasets: readonly MeasuredOn[]) =>
    (clause: SearchClause<LoggedModelEntity>): Condition => {
      const { entity, key, operator } = clause;
      if (entity === 'attribute') return matching[times.has(key) ? 'time' : 'value'](askedOf(clause), clause);
      if (entity !== 'metric') return matching.keyed(tables[entity], sql<boolean>`model_id = m.id and key = ${key}`, clause);
      const has = (what: Condition) =>
        sql<boolean>`exists (select 1 from logged_model_metric where model_id = m.id and key = ${key} and ${what} ${onAny(datasets)})`;
      if (operator === 'IS NULL') return sql<boolean>`not ${has(sql<boolean>`1 = 1`)}`;
      return has(matching.number(sql`value`, sql`is_nan`, clause));
    };
  return {
    find: async (project: ProjectRef, search: LoggedModelSearch): Promise<FoundModel[]> => {
      const { experimentIds, filter, datasets, order, limit, position } = search;
      if (experimentIds.length === 0) return [];
      const keys = loggedModelKeys(order);
      const where = [
        sql`m.project_id = ${project.id}`,
        sql`m.deleted_at is null`,
        sql`m.experiment_id in (${sql.join(experimentIds)})`,
        ...(filter ? [conditionOf(filter, clauseSql(datasets))] : []),
        ...(datasets.length > 0 && !hasMetric(filter)
          ? [sql`exists (select 1 from logged_model_metric where model_id = m.id ${onAny(datasets)})`]
          : []),
      ];
      return pageOfIds(tx, { id: sql`m.id`, from: sql`logged_model as m`, where, keys, position, limit });
    },
  };
};

const hasMetric = (filter: SearchFilter<LoggedModelEntity> | undefined): boolean => {
  if (!filter) return false;
  if (filter.type === 'clause') return filter.entity === 'metric';
  return filter.type === 'not' ? hasMetric(filter.part) : filter.parts.some(hasMetric);
};
