import type { Column, ColumnDistribution } from '@boucle/contract';
import { quoteName, withEngine } from './engine.ts';
import { openStored, query, type StoredTable } from './stored-table.ts';

const mostBins = 24;

/** How the values of each column of a stored table lie: numbers and times by value, texts by their length. One scan for the ranges, one a column. */
export const distributeTable = (path: string): Promise<ColumnDistribution[]> =>
  withEngine(async (connection) => {
    const table = await openStored(connection, path);
    const measures = table.schema.columns.map(measureOf);
    const ranges = await readRanges(
      table,
      measures.flatMap((measure) => measure ?? []),
    );
    const found: ColumnDistribution[] = [];
    for (const [i, { name }] of table.schema.columns.entries()) {
      const measure = measures[i];
      const range = measure && ranges.get(measure);
      found.push(range ? { name, of: measure.of, bins: await readBins(table, measure, range) } : { name, of: null, bins: [] });
    }
    return found;
  });

interface Measure {
  readonly of: NonNullable<ColumnDistribution['of']>;
  /** A finite double, or nothing. */
  readonly sql: string;
  readonly isWhole: boolean;
}
const measureOf = ({ name, type }: Column): Measure | undefined => {
  const quoted = quoteName(name);
  switch (type.type) {
    case 'int':
      return { of: 'value', sql: `${quoted}::DOUBLE`, isWhole: true };
    case 'decimal':
      return { of: 'value', sql: `${quoted}::DOUBLE`, isWhole: false };
    case 'float':
      return { of: 'value', sql: `CASE WHEN isfinite(${quoted}) THEN ${quoted} END`, isWhole: false };
    case 'text':
      return { of: 'length', sql: `length(${quoted})::DOUBLE`, isWhole: true };
    case 'date':
    case 'timestamp':
    case 'local timestamp':
      return { of: 'time', sql: `CASE WHEN isfinite(${quoted}) THEN epoch_ms(${quoted})::DOUBLE END`, isWhole: false };
    default:
      return undefined;
  }
};

interface Range {
  readonly low: number;
  readonly high: number;
}
/** Of what has a value at all. */
const readRanges = async (table: StoredTable, measures: readonly Measure[]): Promise<ReadonlyMap<Measure, Range>> => {
  if (measures.length === 0) return new Map();
  const terms = measures.map(({ sql }) => `min(${sql}), max(${sql})`);
  const [row = []] = await query(table, () => `SELECT ${terms.join(', ')} FROM ${table.from}`);
  return new Map(
    measures.flatMap((measure, i): [Measure, Range][] => {
      const [low, high] = row.slice(i * 2, i * 2 + 2);
      return typeof low === 'number' && typeof high === 'number' ? [[measure, { low, high }]] : [];
    }),
  );
};

/** Equally wide, the last one closed; of few whole numbers one each. */
const readBins = async (table: StoredTable, { sql, isWhole }: Measure, { low, high }: Range): Promise<ColumnDistribution['bins']> => {
  const isCounted = isWhole && high - low < mostBins;
  const count = isCounted ? high - low + 1 : mostBins;
  // Divided before they are subtracted, for the difference of two doubles may be none.
  const width = isCounted ? 1 : high / count - low / count;
  const place = width > 0 ? `least(${count - 1}, greatest(0, floor(x / ${double(width)} - ${double(low / width)})))::INTEGER` : '0';
  const found = await query(
    table,
    () => `SELECT ${place} AS place, count(*) FROM (SELECT ${sql} AS x FROM ${table.from}) WHERE x IS NOT NULL GROUP BY place`,
  );
  const counts = new Map(found.map(([at, times]) => [Number(at), Number(times)]));
  if (!(width > 0)) return [{ from: low, to: high, count: counts.get(0) ?? 0 }];
  const edge = (i: number): number => (isCounted ? low + i : low * (1 - i / count) + high * (i / count));
  return Array.from({ length: count }, (_, i) => ({ from: edge(i), to: edge(isCounted ? i : i + 1), count: counts.get(i) ?? 0 }));
};

const double = (value: number): string => `CAST('${value}' AS DOUBLE)`;
