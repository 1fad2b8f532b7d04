import type { SearchClause, SearchFilter, SearchOrder } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { type Condition, conditionOf, matchingIn, type OrderKey, pageOfIds, type Position, type Tx } from '../../platform/index.ts';
import type { ExperimentEntity } from './experiment-fields.ts';
import type { View } from './run-search-store.ts';

export interface ExperimentSearch {
  readonly filter: SearchFilter<ExperimentEntity> | undefined;
  readonly order: readonly SearchOrder<ExperimentEntity>[];
  readonly view: View;
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface FoundExperiment {
  readonly id: string;
  readonly position: Position;
}

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: sql`experiment.name`,
  experiment_id: sql`experiment.id`,
  creation_time: sql`experiment.created_at`,
  last_update_time: sql`coalesce(experiment.updated_at, experiment.created_at)`,
};
const times = new Set(['creation_time', 'last_update_time']);

const keysBy = ({ entity, key, direction }: SearchOrder<ExperimentEntity>): OrderKey[] => {
  // Ids are numbers in their own order.
  if (entity === 'attribute' && key === 'experiment_id') return [{ value: number, direction, kind: 'number' }];
  if (entity === 'attribute') return [{ value: columns[key]!, direction, kind: 'text' }];
  const tag = (what: string) => sql`(select ${sql.raw(what)} from experiment_tag where experiment_id = experiment.id and key = ${key})`;
  return [
    { value: sql`coalesce(${tag('0')}, 2)`, direction: 'asc', kind: 'rank' },
    { value: sql`coalesce(${tag('value')}, '')`, direction, kind: 'text' },
  ];
};
const number = sql`cast(experiment.id as bigint)`;
/** Newest first where no order is asked for. */
export const experimentKeys = (order: readonly SearchOrder<ExperimentEntity>[]): OrderKey[] => {
  if (order.length === 0)
    return [
      { value: columns['creation_time']!, direction: 'desc', kind: 'text' },
      { value: number, direction: 'asc', kind: 'number' },
    ];
  const isById = order.some(({ entity, key }) => entity === 'attribute' && key === 'experiment_id');
  return [...order.flatMap(keysBy), ...(isById ? [] : [{ value: number, direction: 'desc', kind: 'number' } as const])];
};

export const experimentSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const clauseSql = (clause: SearchClause<ExperimentEntity>): Condition =>
    clause.entity === 'tag'
      ? matching.keyed('experiment_tag', sql<boolean>`experiment_id = experiment.id and key = ${clause.key}`, clause)
      : matching[times.has(clause.key) ? 'time' : 'value'](columns[clause.key]!, clause);
  return {
    /** Up to `limit` experiments after the position. */
    find: async (project: ProjectRef, { filter, order, view, limit, position }: ExperimentSearch): Promise<FoundExperiment[]> => {
      const keys = experimentKeys(order);
      const where = [
        sql`experiment.project_id = ${project.id}`,
        ...(view === 'all' ? [] : [sql`experiment.deleted_at is ${sql.raw(view === 'active' ? 'null' : 'not null')}`]),
        ...(filter ? [conditionOf(filter, clauseSql)] : []),
      ];
      return pageOfIds(tx, { id: sql`experiment.id`, from: sql`experiment`, where, keys, position, limit });
    },
  };
};
