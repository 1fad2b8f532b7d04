import type { Column, ColumnProfile } from '@boucle/contract';
import type { DuckDBValue } from '@duckdb/node-api';
import { cellType } from './cells/cell-type.ts';
import { typeText } from './cells/logical-type.ts';
import { quoteName, withEngine } from './engine.ts';
import { openStored, query, type StoredTable } from './stored-table.ts';

/** Distinct values are counted up to here, and estimated above. */
const exactUpTo = 100_000;
const topValues = 10;
/** Of a text, in a profile. */
const shownCharacters = 200;

/** What stands in each column of a stored table: counts, range, mean and the most frequent values. */
export const profileTable = (path: string): Promise<ColumnProfile[]> =>
  withEngine(async (connection) => {
    const table = await openStored(connection, path);
    const facts = await readFacts(table);
    const profiles: ColumnProfile[] = [];
    for (const [i, column] of table.schema.columns.entries()) {
      const [values, distinct, min, max, mean] = facts.slice(i * 5, i * 5 + 5);
      const frequent = await readFrequent(table, column, { values: Number(values), estimate: Number(distinct) });
      profiles.push({
        name: column.name,
        type: typeText(column.type),
        nulls: table.rows - Number(values),
        distinct: frequent.distinct ?? Number(distinct),
        min: showValue(column, min ?? null),
        max: showValue(column, max ?? null),
        mean: showMean(column, mean ?? null),
        top: frequent.top,
      });
    }
    return profiles;
  });

const isNumber = ({ type }: Column): boolean => type.type === 'int' || type.type === 'float' || type.type === 'decimal';
const isOrdered = ({ type }: Column): boolean => type.type !== 'bytes' && type.type !== 'list' && type.type !== 'struct';

/** One scan for all columns; five facts of each. */
const readFacts = async (table: StoredTable): Promise<DuckDBValue[]> => {
  const terms = table.schema.columns.flatMap((column) => {
    const name = quoteName(column.name);
    return [
      `count(${name})`,
      `approx_count_distinct(${name})`,
      ...(isOrdered(column) ? [`min(${name})`, `max(${name})`] : ['NULL', 'NULL']),
      isNumber(column) ? `avg(${name})` : 'NULL',
    ];
  });
  return (await query(table, () => `SELECT ${terms.join(', ')} FROM ${table.from}`))[0] ?? [];
};

/**
 * The most frequent values, ties in their own order, and how many there are where that is few enough to say.
 * A column that names its rows has none.
 */
const readFrequent = async (
  table: StoredTable,
  column: Column,
  { values, estimate }: { values: number; estimate: number },
): Promise<{ distinct?: number; top: ColumnProfile['top'] }> => {
  const isMany = estimate > exactUpTo;
  if (values === 0 || (isMany && estimate > values / 2)) return { top: [] };
  const name = quoteName(column.name);
  const grouped = `SELECT ${name} AS value, count(*) AS times FROM ${table.from} WHERE ${name} IS NOT NULL GROUP BY ALL`;
  const found = await query(
    table,
    () => `SELECT value, times, count(*) OVER () FROM (${grouped}) ORDER BY times DESC, value LIMIT ${topValues}`,
  );
  const top = found.map(([value, times]) => ({ value: showValue(column, value ?? null), count: Number(times) }));
  return isMany ? { top } : { distinct: Number(found[0]?.[2] ?? 0), top };
};

const showValue = (column: Column, value: DuckDBValue): unknown => {
  const type = cellType(column.type);
  const cell = value === null ? undefined : type.load(value);
  if (cell === undefined) return null;
  const shown = type.json(cell);
  return typeof shown === 'string' && shown.length > shownCharacters ? `${shown.slice(0, shownCharacters)}…` : shown;
};

/** Of floats to twelve digits: their sum depends on the order in which threads add them. */
const showMean = ({ type }: Column, value: DuckDBValue): ColumnProfile['mean'] => {
  if (typeof value !== 'number') return null;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return type.type === 'float' ? Number(value.toPrecision(12)) : value;
};
