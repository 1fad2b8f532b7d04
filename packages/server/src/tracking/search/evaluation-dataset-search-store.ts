import type { SearchClause, SearchFilter, SearchOrder } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { type Condition, conditionOf, matchingIn, type OrderKey, pageOfIds, type Position, type Tx } from '../../platform/index.ts';
import type { EvaluationDatasetEntity } from './evaluation-dataset-fields.ts';

export interface EvaluationDatasetSearch {
  readonly experimentIds: readonly string[];
  readonly filter: SearchFilter<EvaluationDatasetEntity> | undefined;
  readonly order: readonly SearchOrder<EvaluationDatasetEntity>[];
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface FoundEvaluationDataset {
  readonly id: string;
  readonly position: Position;
}

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: sql`d.name`,
  dataset_id: sql`d.id`,
  created_time: sql`d.created_at`,
  last_update_time: sql`d.updated_at`,
  created_by: sql`d.created_by`,
  last_updated_by: sql`d.updated_by`,
};
const times = new Set(['created_time', 'last_update_time']);

const keysBy = ({ entity, key, direction }: SearchOrder<EvaluationDatasetEntity>): OrderKey[] => {
  if (entity === 'attribute' && times.has(key)) return [{ value: columns[key]!, direction, kind: 'number' }];
  const tag = sql`(select value from evaluation_dataset_tag where dataset_id = d.id and key = ${key})`;
  const value = entity === 'tag' ? tag : columns[key]!;
  return [
    // What lacks the value comes last either way.
    { value: sql`case when ${value} is null then 2 else 0 end`, direction: 'asc', kind: 'rank' },
    { value: sql`coalesce(${value}, '')`, direction, kind: 'text' },
  ];
};
/** Newest first where no order is asked for. */
export const datasetKeysBy = (order: readonly SearchOrder<EvaluationDatasetEntity>[]): OrderKey[] => [
  ...(order.length > 0 ? order.flatMap(keysBy) : [{ value: columns['created_time']!, direction: 'desc', kind: 'number' } as const]),
  { value: columns['dataset_id']!, direction: 'desc', kind: 'text' },
];

export const evaluationDatasetSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const clauseSql = (clause: SearchClause<EvaluationDatasetEntity>): Condition => {
    if (clause.entity === 'tag')
      return matching.keyed('evaluation_dataset_tag', sql<boolean>`dataset_id = d.id and key = ${clause.key}`, clause);
    const column = columns[clause.key]!;
    // A filter may say 1.5, which Postgres takes for no whole number.
    return matching.value(times.has(clause.key) ? sql`cast(${column} as double precision)` : column, clause);
  };
  return {
    /** Up to `limit` datasets after the position. */
    find: async (
      project: ProjectRef,
      { experimentIds, filter, order, limit, position }: EvaluationDatasetSearch,
    ): Promise<FoundEvaluationDataset[]> => {
      const keys = datasetKeysBy(order);
      const ofExperiments = () =>
        sql`d.id in (select dataset_id from evaluation_dataset_experiment where ${matching.oneOf(sql`experiment_id`, experimentIds)})`;
      const where = [
        sql`d.project_id = ${project.id}`,
        ...(experimentIds.length > 0 ? [ofExperiments()] : []),
        ...(filter ? [conditionOf(filter, clauseSql)] : []),
      ];
      return pageOfIds(tx, { id: sql`d.id`, from: sql`evaluation_dataset as d`, where, keys, position, limit });
    },
  };
};
