import type { SearchClause, SearchFilter, SearchOrder } from '@boucle/contract';
import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import {
  type Condition,
  conditionOf,
  firstBy,
  inOrder,
  isAfter,
  keyColumns,
  matchingIn,
  type OrderKey,
  type Position,
  positionOf,
  type Tx,
} from '../../platform/index.ts';
import { parentRunTag, runNameTag } from '../reserved-tags.ts';
import { together } from '../together.ts';
import type { RunEntity } from './run-fields.ts';

export type View = 'active' | 'deleted' | 'all';
export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter: SearchFilter<RunEntity> | undefined;
  readonly order: readonly SearchOrder<RunEntity>[];
  readonly view: View;
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface FoundRun {
  readonly id: string;
  readonly position: Position;
}
type Clause = SearchClause<RunEntity>;

/** So many experiments are walked side by side, each in the order of its index; of more, all runs are sorted. */
const walkedAtOnce = 16;
/** Databases bound the number of values in one statement. */
const mostParameters = 20_000;
/** So many clauses are asked how many runs they hold for. */
const mostProbed = 8;

const factTables: Partial<Record<RunEntity, string>> = { metric: 'run_latest_metric', param: 'run_param', tag: 'run_tag' };

/** A run, where its row is at hand or where only its id is. */
interface Place {
  readonly id: RawBuilder<unknown>;
  readonly column: (name: string) => RawBuilder<unknown>;
}
const inRun: Place = { id: sql`run.id`, column: (name) => sql.ref(`run.${name}`) };
/** By one look by primary key. A join is left to planners, who may turn it about. */
const apart = (id: RawBuilder<unknown>): Place => ({ id, column: (name) => ofRun(id, sql.ref(`run.${name}`)) });
const ofRun = <T>(id: RawBuilder<unknown>, what: RawBuilder<T>): RawBuilder<T> => sql`(select ${what} from run where run.id = ${id})`;

const plainColumns: Readonly<Record<string, string>> = {
  run_name: 'name',
  status: 'status',
  start_time: 'started_at',
  end_time: 'ended_at',
  user_id: 'user_id',
};
const attributeOf = (name: string, { id, column }: Place): RawBuilder<unknown> => {
  switch (name) {
    case 'run_id':
      return id;
    case 'parent_run_id':
      // A parent that is no run of ours is a tag.
      return sql`coalesce(${column('parent_run_id')}, (select value from run_tag where run_id = ${id} and key = ${sql.lit(parentRunTag)}))`;
    case 'artifact_uri':
      return sql`(select rtrim(coalesce(experiment.artifact_location, 'mlflow-artifacts:/' || experiment.id), '/') from experiment where experiment.id = ${column('experiment_id')}) || '/' || ${id} || '/artifacts'`;
    default:
      return column(plainColumns[name]!);
  }
};
/** What clients say in tags, and runs have columns for. */
const columnOfTag: Readonly<Record<string, string>> = { [runNameTag]: 'run_name', [parentRunTag]: 'parent_run_id' };
const atHome = <K extends { readonly entity: RunEntity; readonly key: string }>(asked: K): K =>
  asked.entity === 'tag' && Object.hasOwn(columnOfTag, asked.key) ? { ...asked, entity: 'attribute', key: columnOfTag[asked.key]! } : asked;
const times = new Set(['start_time', 'end_time']);
const alwaysThere = new Set(['run_id', 'run_name', 'status', 'start_time', 'artifact_uri']);

/** What ordering by a thing adds: first those that have it, NaN after numbers, then those that do not. */
const keysBy = ({ entity, key, direction }: SearchOrder<RunEntity>, at: Place): OrderKey[] => {
  const table = factTables[entity];
  if (table === undefined) {
    const value = attributeOf(key, at);
    if (alwaysThere.has(key)) return [{ value, direction, kind: 'text' }];
    return [
      { value: sql`case when ${value} is null then 2 else 0 end`, direction: 'asc', kind: 'rank' },
      { value: sql`coalesce(${value}, '')`, direction, kind: 'text' },
    ];
  }
  const of = (what: string) => sql`(select ${sql.raw(what)} from ${sql.table(table)} where run_id = ${at.id} and key = ${key})`;
  return entity === 'metric'
    ? [
        { value: sql`coalesce(${of('is_nan')}, 2)`, direction: 'asc', kind: 'rank' },
        { value: sql`coalesce(${of('value')}, 0)`, direction, kind: 'number' },
      ]
    : [
        { value: sql`coalesce(${of('0')}, 2)`, direction: 'asc', kind: 'rank' },
        { value: sql`coalesce(${of('value')}, '')`, direction, kind: 'text' },
      ];
};
export const runKeys = (asked: readonly SearchOrder<RunEntity>[], at: Place = inRun): OrderKey[] => {
  const order = asked.map(atHome);
  const isBy = (name: string) => order.some(({ entity, key }) => entity === 'attribute' && key === name);
  const start: OrderKey = { value: attributeOf('start_time', at), direction: 'desc', kind: 'text' };
  const id: OrderKey = { value: at.id, direction: 'asc', kind: 'text' };
  return [...order.flatMap((by) => keysBy(by, at)), ...(isBy('start_time') ? [] : [start]), ...(isBy('run_id') ? [] : [id])];
};

/**
 * A clause that holds for `few` runs is asked first, and the rest of the filter only of what it found; so is what clauses that
 * hold for ten times as many have in common, for reading indexes side by side is cheap, and rows are not.
 */
export const runSearchStore = (tx: Tx, { few = 2000 } = {}) => {
  const many = 10 * (few + 1);
  const matching = matchingIn(tx);
  const ask = async <Row>(query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(tx)).rows;

  const clauseIn =
    (at: Place) =>
    (asked: Clause): Condition => {
      const clause = atHome(asked);
      const { entity, key } = clause;
      const table = factTables[entity];
      if (table !== undefined) {
        const isNan = entity === 'metric' ? sql`is_nan` : undefined;
        return matching.keyed(table, sql<boolean>`run_id = ${at.id} and key = ${key}`, clause, isNan);
      }
      if (entity !== 'attribute') return hasDataset(at.id, clause);
      const value = attributeOf(key, at);
      if (times.has(key)) return matching.time(value, clause);
      // MLflow's clients know nobody as the empty text; whether there is one can still be asked.
      return matching.value(key === 'user_id' && !clause.operator.startsWith('IS') ? sql`coalesce(${value}, '')` : value, clause);
    };
  /** A version of ours, or a table that a client said something of. */
  const hasDataset = (runId: RawBuilder<unknown>, { operator, ...clause }: Clause): Condition => {
    // Of several, IS NULL asks whether there is one at all.
    if (operator === 'IS NULL') return sql<boolean>`not ${hasDataset(runId, { ...clause, operator: 'IS NOT NULL' })}`;
    const [ours, theirs] = {
      name: [sql`i.dataset`, sql`d.name`],
      digest: [sql`i.digest`, sql`d.digest`],
      context: [sql`nullif(i.context, '')`, matching.member(sql`r.tags`, 'mlflow.data.context')],
    }[clause.key]!;
    const asked = { ...clause, operator };
    return sql<boolean>`(exists (select 1 from run_input as i where i.run_id = ${runId} and ${matching.value(ours!, asked)}) or exists (select 1 from run_dataset as r join logged_dataset as d on d.id = r.dataset_id where r.run_id = ${runId} and ${matching.value(theirs!, asked)}))`;
  };

  /** The ids of the runs for which a clause holds, where an index knows them. */
  const idsBy = (clause: Clause, experiments: Condition): RawBuilder<unknown> | undefined => {
    const { entity, key, operator } = clause;
    if (!isIndexed(operator)) return undefined;
    if (entity === 'metric') return idsByMetric(key, [clause], experiments);
    const isExact = operator === '=' || operator === 'IN';
    if (entity === 'attribute' && key === 'run_id' && isExact)
      return sql`select id as run_id from run where ${matching.value(sql`id`, clause)}`;
    if (entity === 'attribute' && key === 'run_name' && isExact)
      return sql`select id as run_id from run where ${experiments} and ${startsAs(sql`name`, clause)}`;
    if (entity === 'attribute' && key === 'parent_run_id' && isExact) {
      const tagged = sql`select run_id from run_tag where ${experiments} and key = ${parentRunTag} and ${startsAs(sql`value`, clause)}`;
      return sql`select id as run_id from run where ${experiments} and ${matching.value(sql`parent_run_id`, clause)} union ${tagged}`;
    }
    const table = factTables[entity];
    if (table === undefined || (!isExact && operator !== 'IS NOT NULL')) return undefined;
    const asked = isExact ? startsAs(sql`value`, clause) : sql<boolean>`1 = 1`;
    return sql`select run_id from ${sql.table(table)} where ${experiments} and key = ${key} and ${asked}`;
  };
  const idsByMetric = (key: string, clauses: readonly Clause[], experiments: Condition): RawBuilder<unknown> => {
    const asked = clauses.map((clause) => matching.number(sql`value`, sql`is_nan`, clause));
    return sql`select run_id from run_latest_metric where ${experiments} and key = ${key} and ${sql.join(asked, sql` and `)}`;
  };
  /** Indexes hold the beginnings of texts; most texts are not longer. */
  const startsAs = (value: RawBuilder<unknown>, clause: Clause): Condition => {
    const heads = clause.values.map((text) => headOf(String(text)));
    const byHead = matching.oneOf(headSql(value), heads);
    return clause.values.every((text) => String(text).length < headLength)
      ? byHead
      : sql<boolean>`${byHead} and ${matching.value(value, clause)}`;
  };

  /** Of one clause, or of each side of an OR. */
  const wayBy = (filter: SearchFilter<RunEntity>, experiments: Condition): RawBuilder<unknown> | undefined => {
    if (filter.type === 'clause') return idsBy(atHome(filter), experiments);
    if (filter.type !== 'or') return undefined;
    const ways = filter.parts.map((part) => wayBy(part, experiments));
    return ways.every((way) => way !== undefined) ? sql.join(ways, sql` union `) : undefined;
  };
  /** Of each part that an index knows. What is asked of one metric, such as two bounds, is one stretch of its index. */
  const waysBy = (parts: readonly SearchFilter<RunEntity>[], experiments: Condition): RawBuilder<unknown>[] => {
    const ofMetrics = parts.flatMap((part) =>
      part.type === 'clause' && part.entity === 'metric' && isIndexed(part.operator) ? [part] : [],
    );
    const others = parts.filter((part) => !ofMetrics.includes(part as (typeof ofMetrics)[number]));
    return [
      ...[...Map.groupBy(ofMetrics, ({ key }) => key)].map(([key, clauses]) => idsByMetric(key, clauses, experiments)),
      ...others.flatMap((part) => wayBy(part, experiments) ?? []),
    ].slice(0, mostProbed);
  };
  const countUpTo = async (most: number, way: RawBuilder<unknown>): Promise<number> => {
    const [row] = await ask(
      sql<{ found: number }>`select count(*) as found from (select run_id from (${way}) as way limit ${most + 1}) as picked`,
    );
    return row!.found;
  };
  /** The part of the filter that holds for the fewest runs, if these are few, or what several have in common. */
  const bestStart = async (parts: readonly SearchFilter<RunEntity>[], experiments: Condition): Promise<RawBuilder<unknown> | undefined> => {
    const ways = waysBy(parts, experiments);
    const counts = await together(ways.map((way) => countUpTo(ways.length > 1 ? many : few, way)));
    const least = Math.min(...counts);
    if (least <= few) return ways[counts.indexOf(least)];
    const some = ways.filter((_, i) => counts[i]! <= many).map((way) => sql`select run_id from (${way}) as way`);
    if (some.length < 2) return undefined;
    const common = sql.join(some, sql` intersect `);
    return (await countUpTo(few, common)) <= few ? common : undefined;
  };

  /** Up to `limit` rows, from whatever table leads. */
  interface Statement {
    readonly table: string;
    readonly alias: string;
    readonly id: RawBuilder<unknown>;
    readonly keys: readonly OrderKey[];
    /** How many of the first keys are the same for all rows. */
    readonly fixed: number;
    /** What is ordered by before them, for an index has it. */
    readonly lead?: RawBuilder<unknown>;
    /** The order of an index, where the whole order begins with it and the rest of it has to be looked up. */
    readonly indexed?: RawBuilder<unknown>;
    readonly where: readonly Condition[];
    readonly limit: number;
  }
  const statement = ({ table, alias, id: own, keys, fixed, lead, indexed, where, limit }: Statement) => {
    const all = sql`${sql.table(table)} as ${sql.ref(alias)} where ${sql.join(where, sql` and `)}`;
    const rows = indexed ? firstBy(tx, all, { by: indexed, alias, limit }) : all;
    const order = [...(lead ? [lead] : []), inOrder(keys, fixed)];
    return sql`select ${own} as id, ${keyColumns(keys)} from ${rows} order by ${sql.join(order)} limit ${limit}`;
  };
  const found = async (query: RawBuilder<unknown>, keys: readonly OrderKey[]): Promise<FoundRun[]> =>
    (await ask(query as RawBuilder<{ id: string }>)).map((row) => ({ id: row.id, position: positionOf(row, keys) }));
  /** Each experiment in the order of its index, then all of them together. */
  const sideBySide = (experimentIds: readonly string[], of: (some: readonly string[]) => Statement): Promise<FoundRun[]> => {
    const { keys, fixed, limit } = of(experimentIds);
    const whole = statement(of(experimentIds));
    if (experimentIds.length === 1 || experimentIds.length > walkedAtOnce) return found(whole, keys);
    const each = experimentIds.map((one, i) => sql`select * from (${statement(of([one]))}) as ${sql.ref(`e${i}`)}`);
    const all = sql`select * from (${sql.join(each, sql` union all `)}) as each_of order by ${inOrder(keys, fixed)} limit ${limit}`;
    return found(all.compile(tx).parameters.length <= mostParameters ? all : whole, keys);
  };

  const isThereIn = (project: ProjectRef, view: View): Condition[] => [
    sql<boolean>`run.project_id = ${project.id}`,
    ...(view === 'all' ? [] : [sql<boolean>`run.deleted_at is ${sql.raw(view === 'active' ? 'null' : 'not null')}`]),
  ];

  return {
    /** How many there are, and for how many of them the filter holds. */
    count: async (project: ProjectRef, { experimentIds, filter, view }: Pick<RunSearch, 'experimentIds' | 'filter' | 'view'>) => {
      if (experimentIds.length === 0) return { found: 0, all: 0 };
      const isUnder = matching.oneOf(sql`run.experiment_id`, [...new Set(experimentIds)]);
      const where = sql.join([isUnder, ...isThereIn(project, view)], sql` and `);
      const counted = sql<{ runs: number }>`select count(*) as runs from run where ${where}`;
      const [all, found] = await together([
        ask(counted),
        filter ? ask(sql<{ runs: number }>`${counted} and ${conditionOf(filter, clauseIn(inRun))}`) : undefined,
      ]);
      return { found: (found ?? all)[0]!.runs, all: all[0]!.runs };
    },
    /** Up to `limit` runs after the position. */
    find: async (project: ProjectRef, { experimentIds: given, filter, order, view, limit, position }: RunSearch): Promise<FoundRun[]> => {
      const experimentIds = [...new Set(given)];
      if (experimentIds.length === 0) return [];
      const keys = runKeys(order);
      const conjuncts = filter ? conjunctsOf(filter) : [];
      const isUnder = (table: string, some: readonly string[]) => matching.oneOf(sql.ref(`${table}experiment_id`), some);
      const isThere = isThereIn(project, view);
      const isWanted = (at: Place): Condition[] => (filter ? [conditionOf(filter, clauseIn(at))] : []);

      const way = await bestStart(conjuncts, isUnder('', experimentIds));
      if (way) {
        const at = apart(sql`picked.run_id`);
        const own = runKeys(order, at);
        const isOne = ofRun(at.id, sql<boolean>`${sql.join([isUnder('run.', experimentIds), ...isThere], sql` and `)}`);
        const where = [isOne, ...isWanted(at), ...(position ? [isAfter(own, position)] : [])];
        const rows = statement({ table: 'picked', alias: 'picked', id: at.id, keys: own, fixed: 0, where, limit });
        return found(sql`with picked as materialized (${way}) ${rows}`, keys);
      }

      /** By the start of runs, or whatever has no index and is sorted. */
      const walk = (own: readonly OrderKey[], { fixed, at, most, more, lead, indexed }: Walk): Promise<FoundRun[]> =>
        sideBySide(experimentIds, (some) => ({
          table: 'run',
          alias: 'run',
          id: inRun.id,
          keys: own,
          fixed,
          ...(lead && { lead }),
          ...(indexed && { indexed }),
          where: [
            isUnder('run.', some),
            ...isThere,
            ...isWanted(inRun),
            ...more,
            ...(at ? [isAfter(own.slice(fixed), at.slice(fixed))] : []),
          ],
          limit: most,
        }));
      const [first] = order.map(atHome);
      const table = first && factTables[first.entity];
      const plain = { fixed: 0, at: position, most: limit, more: [] };
      if (first?.entity === 'attribute' && first.key === 'run_name')
        return walk(keys, { ...plain, ...byHeads(sql`run.name`, first.direction, position?.[0]) });
      /** One rank after the other, from that of the position, until there are enough. */
      const rankByRank = async (
        ranks: readonly number[],
        of: (rank: number, here: Pick<Walk, 'at' | 'most'>) => Promise<FoundRun[]>,
      ): Promise<FoundRun[]> => {
        const all: FoundRun[] = [];
        const from = Number(position?.[0] ?? 0);
        for (const rank of ranks) {
          const here = { at: rank === from ? position : undefined, most: limit - all.length };
          if (rank >= from && here.most > 0) all.push(...(await of(rank, here)));
        }
        return all;
      };
      /** The keys of rows of one rank. */
      const ranked = (rank: number, value: RawBuilder<unknown>, own: readonly OrderKey[] = keys): OrderKey[] => [
        { ...keys[0]!, value: sql`${sql.lit(rank)}` },
        { ...keys[1]!, value },
        ...own.slice(2),
      ];
      if (first?.entity === 'attribute' && first.key === 'end_time') {
        const end = sql`run.ended_at`;
        const indexed = sql`${end} ${sql.raw(first.direction)}`;
        return rankByRank([0, 2], (rank, here) =>
          rank === 0
            ? walk(ranked(0, end), { ...here, fixed: 1, more: [sql<boolean>`${end} is not null`], indexed })
            : walk(ranked(2, sql`''`), { ...here, fixed: 2, more: [sql<boolean>`${end} is null`] }),
        );
      }
      if (!first || table === undefined) return walk(keys, plain);

      // Ordered by what is logged: those that have it by its index, then the others by theirs.
      const isMetric = first.entity === 'metric';
      const value = sql`f.value`;
      const logged = apart(sql`f.run_id`);
      const same = conjuncts.flatMap((part) => {
        const clause = part.type === 'clause' ? [atHome(part)] : [];
        return clause.filter(({ entity, key, operator }) => entity === first.entity && key === first.key && operator !== 'IS NULL');
      });
      /** Rows of one rank, NaN among them, as they lie in the table of what is logged. */
      const having = (rank: number, { at, most }: Pick<Walk, 'at' | 'most'>): Promise<FoundRun[]> => {
        const own = ranked(rank, value, runKeys(order, logged));
        const fixed = rank === 0 ? 1 : 2;
        const heads = isMetric ? undefined : byHeads(value, first.direction, at?.[1]);
        return sideBySide(experimentIds, (some) => ({
          table,
          alias: 'f',
          id: logged.id,
          keys: own,
          fixed,
          ...(heads && { lead: heads.lead, indexed: heads.lead }),
          ...(isMetric && rank === 0 && { indexed: sql`${value} ${sql.raw(first.direction)}` }),
          where: [
            isUnder('f.', some),
            sql<boolean>`f.key = ${first.key}`,
            ...(isMetric ? [sql<boolean>`f.is_nan = ${sql.lit(rank)}`] : []),
            // All NaN are 0 beside their flag: with it the index finds them.
            ...(rank === 1 ? [sql<boolean>`f.value = 0`] : []),
            ...same.map((clause) => (isMetric ? matching.number(value, sql`f.is_nan`, clause) : matching.value(value, clause))),
            ...(heads?.more ?? []),
            ...(at ? [isAfter(own.slice(fixed), at.slice(fixed))] : []),
            ofRun(logged.id, sql<boolean>`${sql.join(isThere, sql` and `)}`),
            ...isWanted(logged),
          ],
          limit: most,
        }));
      };
      const lacking = ({ at, most }: Pick<Walk, 'at' | 'most'>): Promise<FoundRun[]> => {
        const one = sql`(select 1 from ${sql.table(table)} where run_id = run.id and key = ${first.key})`;
        return walk(ranked(2, isMetric ? sql`0` : sql`''`), {
          fixed: 2,
          at,
          most,
          more: [sql<boolean>`${one} is null`],
        });
      };
      const ranks = [...(isMetric ? [0, 1] : [0]), ...(same.length > 0 ? [] : [2])];
      return rankByRank(ranks, (rank, here) => (rank === 2 ? lacking(here) : having(rank, here)));
    },
  };
};

interface Walk {
  readonly fixed: number;
  readonly at: Position | undefined;
  readonly most: number;
  readonly more: readonly Condition[];
  readonly lead?: RawBuilder<unknown>;
  readonly indexed?: RawBuilder<unknown>;
}

/** Whether an index tells where it holds. */
const isIndexed = (operator: Clause['operator']): boolean => operator !== '!=' && operator !== 'NOT IN' && operator !== 'IS NULL';

/** In whole characters, as both databases count. */
const headLength = 100;
const headOf = (text: string): string => (text.length < headLength ? text : Array.from(text).slice(0, headLength).join(''));
const headSql = (value: RawBuilder<unknown>) => sql`substr(${value}, 1, ${sql.lit(headLength)})`;
/** An order by a text begins as its index does, and so does what is after a place in it. */
const byHeads = (value: RawBuilder<unknown>, direction: 'asc' | 'desc', from: string | number | undefined) => {
  const beyond = sql.raw(direction === 'asc' ? '>=' : '<=');
  return {
    lead: sql`${headSql(value)} ${sql.raw(direction)}`,
    more: from === undefined ? [] : [sql<boolean>`${headSql(value)} ${beyond} ${headOf(String(from))}`],
  };
};

/** What has to hold in any case. */
const conjunctsOf = (filter: SearchFilter<RunEntity>): SearchFilter<RunEntity>[] =>
  filter.type === 'and' ? filter.parts.flatMap(conjunctsOf) : [filter];
