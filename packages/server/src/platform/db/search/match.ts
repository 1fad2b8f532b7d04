import type { SearchClause, SearchFilter, SearchValue } from '@boucle/contract';
import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Tx } from '../tx.ts';

export type Condition = RawBuilder<boolean>;
/** What a clause asks of a value, whosever it is. */
type Asked = Pick<SearchClause, 'operator' | 'values'>;

/** A filter's tree as SQL, from what each of its clauses is. */
export const conditionOf = <E extends string>(filter: SearchFilter<E>, of: (clause: SearchClause<E>) => Condition): Condition => {
  switch (filter.type) {
    case 'clause':
      return of(filter);
    case 'not':
      // What is unknown inside counts as false, so outside it is true.
      return sql<boolean>`(${conditionOf(filter.part, of)}) is not true`;
    case 'and':
    case 'or':
      return sql<boolean>`(${sql.join(
        filter.parts.map((part) => conditionOf(part, of)),
        filter.type === 'and' ? sql` and ` : sql` or `,
      )})`;
  }
};

/** How a value is held against a clause; unknown, which counts as false, where there is no value. */
export interface Matching {
  oneOf(value: RawBuilder<unknown>, values: readonly SearchValue[]): Condition;
  /** Of a column, or whatever gives a text or a number. */
  value(value: RawBuilder<unknown>, clause: Asked): Condition;
  /** Of a number that a flag says to be NaN: it differs from every number, and nothing else holds for it. */
  number(value: RawBuilder<unknown>, isNan: RawBuilder<unknown>, clause: Asked): Condition;
  /** Of a column of ISO 8601; the clause says epoch milliseconds. */
  time(value: RawBuilder<unknown>, clause: Asked): Condition;
  /** Of the column `value` in the one row of a table, or none, that `where` finds; of numbers that may be NaN, also of their flag. */
  keyed(table: string, where: Condition, clause: Asked, isNan?: RawBuilder<unknown>): Condition;
  /** The text that a column of JSON has under a key. */
  member(json: RawBuilder<unknown>, key: string): RawBuilder<unknown>;
}

export const matchingIn = (db: Tx): Matching => {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  // A long list is one parameter: databases bound their number, and keep statements ready by their text.
  const oneOf = (value: RawBuilder<unknown>, values: readonly SearchValue[]): Condition => {
    if (values.length <= 16) return sql<boolean>`${value} in (${sql.join(values)})`;
    const type = sql.raw(typeof values[0] === 'number' ? 'double precision[]' : 'text[]');
    return isPostgres
      ? sql<boolean>`${value} = any(cast(${values} as ${type}))`
      : sql<boolean>`${value} in (select value from json_each(${JSON.stringify(values)}))`;
  };
  const matches = (value: RawBuilder<unknown>, { operator, values }: Asked): Condition => {
    const [first] = values;
    switch (operator) {
      case 'IS NULL':
        return sql<boolean>`${value} is null`;
      case 'IS NOT NULL':
        return sql<boolean>`${value} is not null`;
      case 'IN':
        return oneOf(value, values);
      case 'NOT IN':
        return sql<boolean>`not (${oneOf(value, values)})`;
      case 'LIKE':
        return isPostgres ? sql<boolean>`${value} like ${first} escape ''` : sql<boolean>`${value} glob ${globOf(String(first))}`;
      case 'ILIKE':
        return isPostgres ? sql<boolean>`${value} ilike ${first} escape ''` : sql<boolean>`${value} like ${first}`;
      case 'RLIKE':
        throw new Error('No field that is searched in a database takes RLIKE');
      default:
        return sql<boolean>`${value} ${sql.raw(operator)} ${first}`;
    }
  };
  const ofNumber: Matching['number'] = (value, isNan, clause) => {
    const { operator } = clause;
    if (operator.startsWith('IS')) return matches(value, clause);
    return operator === '!=' || operator === 'NOT IN'
      ? sql<boolean>`(${isNan} = 1 or ${matches(value, clause)})`
      : sql<boolean>`(${isNan} = 0 and ${matches(value, clause)})`;
  };
  return {
    oneOf,
    value: matches,
    number: ofNumber,
    time: (value, clause) => matches(value, timesOf(clause)),
    // Not EXISTS, and no join: Postgres might then read a whole table for the first page.
    keyed: (table, where, clause, isNan) => {
      const isThere = clause.operator.startsWith('IS');
      const value = sql.ref(`${table}.value`);
      const what = isThere ? sql`1` : isNan ? ofNumber(value, isNan, clause) : matches(value, clause);
      const found = sql<boolean>`(select ${what} from ${sql.table(table)} where ${where})`;
      return isThere ? matches(found, clause) : found;
    },
    member: (json, key) => (isPostgres ? sql`(cast(${json} as jsonb) ->> ${key})` : sql`(${json} ->> ${key})`),
  };
};

/** SQLite's LIKE knows no upper case; its GLOB does. */
const globOf = (pattern: string): string => pattern.replace(/[*?[%_]/g, (sign) => (sign === '%' ? '*' : sign === '_' ? '?' : `[${sign}]`));

/** Times of ours are whole milliseconds of the years 0 to 9999, and texts of one length: they compare as the numbers do. */
const timesOf = ({ operator, values }: Asked): Asked => {
  const times = values.map(Number);
  switch (operator) {
    case '>':
    case '<=':
      return { operator, values: times.map((time) => isoOf(Math.floor(time))) };
    case '<':
    case '>=':
      return { operator, values: times.map((time) => isoOf(Math.ceil(time))) };
    default:
      // No time is the empty text: so a fraction equals none.
      return { operator, values: times.map((time): SearchValue => (Number.isInteger(time) ? isoOf(time) : '')) };
  }
};
const first = Date.parse('0000-01-01T00:00:00.000Z');
const last = Date.parse('9999-12-31T23:59:59.999Z');
const isoOf = (time: number): string => {
  if (time < first) return '';
  return time > last ? '~' : new Date(time).toISOString();
};
