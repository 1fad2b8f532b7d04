import type { SearchClause, SearchFilter, SearchOrder } from '@boucle/contract';
import fc from 'fast-check';
import { newId } from '../platform/index.ts';
import type { Ground } from './ground.ts';
import type { RunEntity } from '../tracking/search/run-fields.ts';
import type { View } from '../tracking/search/run-search-store.ts';

/** A run as the tests of search know it, apart from both databases. */
export interface AnyRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly userId: string | null;
  readonly parentRunId: string | null;
  readonly deleted: boolean;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly { readonly name: string; readonly digest: string; readonly context: string | null }[];
}

export const someRuns = (some: readonly Partial<AnyRun>[]): AnyRun[] =>
  some.map((run) => ({
    id: newId(),
    experimentId: '',
    name: 'run',
    status: 'running',
    startedAt: 1000,
    endedAt: null,
    userId: null,
    parentRunId: null,
    deleted: false,
    metrics: {},
    params: {},
    tags: {},
    datasets: [],
    ...run,
  }));

type Row = Record<string, unknown>;
export const fileRuns = (
  { db, actor, clock }: Pick<Ground, 'db' | 'actor' | 'clock'>,
  experimentIds: readonly string[],
  runs: readonly AnyRun[],
): Promise<void> =>
  db.write(async (tx) => {
    const into = async (table: string, rows: readonly Row[]): Promise<void> => {
      for (let i = 0; i < rows.length; i += 500)
        await tx
          .withTables<Record<string, Row>>()
          .insertInto(table)
          .values(rows.slice(i, i + 500))
          .execute();
    };
    const now = clock.now().toISOString();
    const { id: project_id } = actor.project;
    await into(
      'experiment',
      experimentIds.map((id) => ({ id, project_id, name: `experiment ${id}`, created_at: now })),
    );
    await into(
      'run',
      runs.map((run) => ({
        id: run.id,
        project_id,
        experiment_id: run.experimentId,
        name: run.name,
        status: run.status,
        user_id: run.userId,
        parent_run_id: run.parentRunId,
        started_at: new Date(run.startedAt).toISOString(),
        ended_at: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
        deleted_at: run.deleted ? now : null,
        correlation_id: run.id,
      })),
    );
    const texts = (of: 'params' | 'tags') =>
      runs.flatMap((run) =>
        Object.entries(run[of]).map(([key, value]) => ({ run_id: run.id, experiment_id: run.experimentId, key, value })),
      );
    await into('run_param', texts('params'));
    await into('run_tag', texts('tags'));
    await into(
      'run_latest_metric',
      runs.flatMap((run) =>
        Object.entries(run.metrics).map(([key, value]) => {
          const isNan = Number.isNaN(value);
          const at = { run_id: run.id, experiment_id: run.experimentId, key, step: 0, time: 0 };
          return { ...at, is_nan: isNan ? 1 : 0, value: isNan ? 0 : value };
        }),
      ),
    );
    // Tables of a client's and versions of ours are found alike.
    for (const run of runs)
      for (const [i, { name, digest, context }] of run.datasets.entries()) {
        if (i % 2 === 1) {
          await into('run_input', [{ run_id: run.id, dataset: name, number: i, digest, context: context ?? '' }]);
          continue;
        }
        const id = newId();
        const said = { source_type: 'local', source: id };
        // One of that name and digest may be there already.
        await into('logged_dataset', [{ id, experiment_id: `${run.id}/${i}`, name, digest, ...said }]);
        const tags = JSON.stringify(context === null ? {} : { 'mlflow.data.context': context });
        await into('run_dataset', [{ run_id: run.id, dataset_id: id, tags }]);
      }
  });

/** The filter's meaning, read off its tree. */
export const holds = (filter: SearchFilter<RunEntity>, run: AnyRun): boolean => {
  switch (filter.type) {
    case 'and':
      return filter.parts.every((part) => holds(part, run));
    case 'or':
      return filter.parts.some((part) => holds(part, run));
    case 'not':
      return !holds(filter.part, run);
    case 'clause': {
      const values = valuesOf(filter, run);
      if (filter.operator === 'IS NULL') return values.length === 0;
      // Nobody is the empty text to MLflow's clients.
      if (filter.key === 'user_id' && filter.operator !== 'IS NOT NULL' && values.length === 0) values.push('');
      return values.some((value) => matches(value, filter));
    }
  }
};

type Key = Pick<SearchClause<RunEntity>, 'entity' | 'key'>;
const valuesOf = ({ entity, key }: Key, run: AnyRun): (string | number)[] => {
  const own = <T>(record: Readonly<Record<string, T>>): T[] => (Object.hasOwn(record, key) ? [record[key]!] : []);
  const known = <T>(value: T | null): T[] => (value === null ? [] : [value]);
  switch (entity) {
    case 'metric':
      return own(run.metrics);
    case 'param':
      return own(run.params);
    case 'tag':
      if (key === 'mlflow.runName') return [run.name];
      return key === 'mlflow.parentRunId' ? known(run.parentRunId) : own(run.tags);
    case 'dataset':
      return run.datasets.flatMap((dataset) => known(dataset[key as 'name' | 'digest' | 'context']));
    case 'attribute':
      return known(
        {
          run_id: run.id,
          run_name: run.name,
          status: run.status,
          start_time: run.startedAt,
          end_time: run.endedAt,
          user_id: run.userId,
          artifact_uri: `mlflow-artifacts:/${run.experimentId}/${run.id}/artifacts`,
          parent_run_id: run.parentRunId,
        }[key]!,
      );
  }
};

const matches = (value: string | number, { operator, values }: SearchClause<RunEntity>): boolean => {
  const asked = values[0]!;
  switch (operator) {
    case '=':
      return value === asked;
    case '!=':
      return value !== asked;
    case '<':
      return value < asked;
    case '<=':
      return value <= asked;
    case '>':
      return value > asked;
    case '>=':
      return value >= asked;
    case 'IN':
      return values.includes(value);
    case 'NOT IN':
      return !values.includes(value);
    case 'IS NOT NULL':
      return true;
    case 'LIKE':
      return isLike(String(value), String(asked));
    case 'ILIKE':
      return isLike(folded(String(value)), folded(String(asked)));
    default:
      throw new Error(operator);
  }
};
const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const isLike = (text: string, pattern: string): boolean => {
  const source = pattern.replace(/[^%_]|%|_/gsu, (sign) =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  );
  return new RegExp(`^${source}$`, 'su').test(text);
};

export const compareBy =
  (order: readonly SearchOrder<RunEntity>[]) =>
  (a: AnyRun, b: AnyRun): number => {
    for (const by of order) {
      const [x, y] = [a, b].map((run) => valuesOf(by, run)[0]);
      const rank = rankOf(x) - rankOf(y);
      if (rank !== 0) return rank;
      const less = rankOf(x) === 0 ? compare(x!, y!) : 0;
      if (less !== 0) return by.direction === 'asc' ? less : -less;
    }
    return b.startedAt - a.startedAt || compare(a.id, b.id);
  };
const rankOf = (value: string | number | undefined): number => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0);
const compare = (a: string | number, b: string | number): number => {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return a < Number(b) ? -1 : a > Number(b) ? 1 : 0;
};

/** Few values, so that runs are often equal in some way; some that patterns, indexes and orders trip over. */
const long = 'é'.repeat(100);
const texts = fc.constantFrom(
  'a',
  'A',
  'ab',
  '',
  '%',
  '_',
  '*',
  '[a]',
  '?',
  '\\',
  "it's",
  'ß',
  '\u{1F600}',
  '\uFFFD',
  `${long}1`,
  `${long}2`,
);
const patterns = fc
  .array(fc.constantFrom('a', 'A', '%', '_', '*', '[', ']', '?', '\\', 'é', '\u{1F600}', '1'), { maxLength: 4 })
  .map((some) => some.join(''));
const numbers = fc.constantFrom(0, -1, 1, 1.5, 1e300, -1e-300, Number.NaN);
const keys = fc.constantFrom('k', 'l', 'a b');
const record = <T>(value: fc.Arbitrary<T>) => fc.dictionary(keys, value, { maxKeys: 3, noNullPrototype: true });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const aRun = fc.record({
  name: texts,
  status: fc.constantFrom('running', 'finished', 'failed'),
  startedAt: fc.nat(5),
  endedAt: orNull(fc.nat(5)),
  userId: orNull(texts),
  parentRunId: orNull(fc.constantFrom('p1', 'p2')),
  deleted: fc.boolean(),
  metrics: record(numbers),
  params: record(texts),
  tags: record(texts),
  datasets: fc.array(fc.record({ name: texts, digest: texts, context: orNull(fc.constantFrom('train', 'test')) }), { maxLength: 2 }),
});

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const oneClause = (name: fc.Arbitrary<string>, operators: readonly string[], value: fc.Arbitrary<string>) =>
  fc.tuple(name, fc.constantFrom(...operators), fc.array(value, { minLength: 1, maxLength: 3 })).map(([key, operator, values]) => {
    if (operator.startsWith('IS')) return `${key} ${operator}`;
    return operator.endsWith('IN') ? `${key} ${operator} (${values.join()})` : `${key} ${operator} ${values[0]}`;
  });
const of = (entity: string) => keys.map((key) => `${entity}.\`${key}\``);
const textKeys = fc.oneof(
  of('params'),
  of('tags'),
  fc.constantFrom(
    'run_name',
    'user_id',
    'parent_run_id',
    'tags.mlflow.runName',
    'tags.mlflow.parentRunId',
    'dataset.name',
    'dataset.digest',
    'dataset.context',
  ),
);
const numberKeys = fc.oneof(of('metrics'), fc.constantFrom('start_time', 'end_time'));
const finite = fc
  .oneof(
    numbers.filter((number) => !Number.isNaN(number)),
    fc.constantFrom(2, 2.5, 4),
  )
  .map(String);
const aClause = fc.oneof(
  oneClause(textKeys, ['=', '!=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'], fc.oneof(texts, fc.constantFrom('p1', 'train')).map(quoted)),
  oneClause(textKeys, ['LIKE', 'ILIKE'], patterns.map(quoted)),
  oneClause(numberKeys, ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'], finite),
  fc.constantFrom("status = 'FINISHED'", "status LIKE 'F%'"),
);
const aFilter = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    aClause,
    tie('node').map((part) => `NOT (${part})`),
    fc
      .tuple(fc.constantFrom(' AND ', ' OR '), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
      .map(([by, parts]) => parts.map((part) => `(${part})`).join(by)),
  ),
})).node;
const anOrder = fc.uniqueArray(
  fc.record({
    by: fc.oneof(
      of('metrics'),
      of('params'),
      of('tags'),
      fc.constantFrom('start_time', 'end_time', 'run_name', 'status', 'user_id', 'run_id'),
    ),
    direction: fc.constantFrom('', ' ASC', ' DESC'),
  }),
  { selector: ({ by }) => by, maxLength: 3 },
);

export const aQuery = fc.record({
  runs: fc.array(aRun, { minLength: 1, maxLength: 24 }),
  filter: fc.oneof(fc.constant(''), aFilter),
  orderBy: anOrder.map((items) => items.map(({ by, direction }) => by + direction)),
  view: fc.constantFrom<View[]>('active', 'deleted', 'all'),
  limit: fc.integer({ min: 1, max: 8 }),
  few: fc.constantFrom(-1, 0, 2, 2000),
  at: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
});
