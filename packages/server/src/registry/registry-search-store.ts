import type { SearchClause, SearchFilter, SearchOrder } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../governance/index.ts';
import { type Condition, conditionOf, matchingIn, type OrderKey, pageOfIds, type Position, type Tx } from '../platform/index.ts';
import { asksForPrompts, promptTag, type RegistryEntity } from './search-fields.ts';

export interface RegistrySearch {
  readonly filter: SearchFilter<RegistryEntity> | undefined;
  readonly order: readonly SearchOrder<RegistryEntity>[];
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface Found {
  readonly id: string;
  readonly position: Position;
}
type Columns = Readonly<Record<string, RawBuilder<unknown>>>;
/** What is searched, and by what. */
interface Kind {
  readonly from: RawBuilder<unknown>;
  readonly isThere: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly project: RawBuilder<unknown>;
  readonly columns: Columns;
  readonly tags: { readonly table: string; readonly owner: string };
  readonly keys: (order: readonly SearchOrder<RegistryEntity>[]) => OrderKey[];
}

const numbers = new Set(['version_number']);
const times = new Set(['creation_timestamp', 'last_updated_timestamp']);

/** Then come these, where they were not asked for: the last one names the row. */
const keysIn =
  (
    kind: Pick<Kind, 'columns' | 'id' | 'tags'>,
    otherwise: readonly SearchOrder<RegistryEntity>[],
    last: readonly SearchOrder<RegistryEntity>[],
  ) =>
  (asked: readonly SearchOrder<RegistryEntity>[]): OrderKey[] => {
    const all = asked.length > 0 ? [...asked] : [...otherwise];
    for (const order of last) if (!all.some(({ entity, key }) => entity === order.entity && key === order.key)) all.push(order);
    return all.flatMap((order) => keysBy(kind, order));
  };
const keysBy = (
  { columns, id, tags }: Pick<Kind, 'columns' | 'id' | 'tags'>,
  { entity, key, direction }: SearchOrder<RegistryEntity>,
): OrderKey[] => {
  if (entity === 'tag') {
    const tag = (what: string) =>
      sql`(select ${sql.raw(what)} from ${sql.table(tags.table)} where ${sql.ref(tags.owner)} = ${id} and key = ${key})`;
    return [
      { value: sql`coalesce(${tag('0')}, 2)`, direction: 'asc', kind: 'rank' },
      { value: sql`coalesce(${tag('value')}, '')`, direction, kind: 'text' },
    ];
  }
  const value = columns[key]!;
  if (numbers.has(key)) return [{ value, direction, kind: 'number' }];
  return [{ value: sql`coalesce(${value}, '')`, direction, kind: 'text' }];
};
const by = (key: string, direction: 'asc' | 'desc'): SearchOrder<RegistryEntity> => ({ entity: 'attribute', key, direction });

const modelBase = {
  id: sql`m.id`,
  columns: { name: sql`m.name`, creation_timestamp: sql`m.created_at`, last_updated_timestamp: sql`m.updated_at` } as Columns,
  tags: { table: 'registered_model_tag', owner: 'model_id' },
};
const models: Kind = {
  ...modelBase,
  from: sql`registered_model as m`,
  isThere: sql`m.deleted_at is null`,
  project: sql`m.project_id`,
  keys: keysIn(modelBase, [], [by('name', 'asc')]),
};
const versionBase = {
  id: sql`v.id`,
  columns: {
    name: sql`m.name`,
    version_number: sql`v.number`,
    run_id: sql`v.run_id`,
    source_path: sql`v.source`,
    model_id: sql`v.logged_model_id`,
    stage: sql`v.stage`,
    creation_timestamp: sql`v.created_at`,
    last_updated_timestamp: sql`v.updated_at`,
  } as Columns,
  tags: { table: 'model_version_tag', owner: 'version_id' },
};
const versions: Kind = {
  ...versionBase,
  from: sql`model_version as v join registered_model as m on m.id = v.model_id`,
  isThere: sql`v.deleted_at is null`,
  project: sql`v.project_id`,
  keys: keysIn(versionBase, [by('last_updated_timestamp', 'desc')], [by('name', 'asc'), by('version_number', 'desc')]),
};
export const modelKeys = models.keys;
export const versionKeys = versions.keys;

export const registrySearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const hasPromptTag = (table: string, owner: string, id: RawBuilder<unknown>) =>
    sql<boolean>`exists (select 1 from ${sql.table(table)} where ${sql.ref(owner)} = ${id} and key = ${promptTag} and value = 'true')`;

  const clauseSql =
    ({ columns, tags: { table, owner }, id }: Kind) =>
    (clause: SearchClause<RegistryEntity>): Condition => {
      const { entity, key, operator, values } = clause;
      if (entity === 'attribute') return matching[times.has(key) ? 'time' : 'value'](columns[key]!, clause);
      // Clients ask so for all that is no prompt, and what has no such tag is none.
      if (key === promptTag && operator === '!=' && values[0] === 'true') return sql<boolean>`not ${hasPromptTag(table, owner, id)}`;
      return matching.keyed(table, sql<boolean>`${sql.ref(owner)} = ${id} and key = ${key}`, clause);
    };
  const search =
    (kind: Kind) =>
    async (project: ProjectRef, { filter, order, limit, position }: RegistrySearch): Promise<Found[]> => {
      const keys = kind.keys(order);
      const where = [
        sql`${kind.project} = ${project.id}`,
        kind.isThere,
        ...(asksForPrompts(filter) ? [] : [sql`not ${hasPromptTag('registered_model_tag', 'model_id', sql`m.id`)}`]),
        ...(filter ? [conditionOf(filter, clauseSql(kind))] : []),
      ];
      return pageOfIds(tx, { id: kind.id, from: kind.from, where, keys, position, limit });
    };
  return { models: search(models), versions: search(versions) };
};
