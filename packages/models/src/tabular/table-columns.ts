import { invalid } from '@boucle/contract';

export type Cell = number | string | boolean | null;
/** A value per row. Missing: null, undefined, NaN, and for categories the empty text. */
export type CellColumn = readonly (Cell | undefined)[] | Float32Array | Float64Array;
export type TableColumns = Readonly<Record<string, CellColumn>>;

export const columnKinds = ['number', 'boolean', 'category'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** A column that is learned from, and what was learned of it before training. */
export interface TableFeature {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a category: those with a code of their own, from 1, the most frequent first. All others, and missing ones, have code 0. */
  readonly categories: readonly string[];
}

/** Codes are bytes, and the first is taken. */
const mostCategories = 255;
/** Beyond this a column is an id or a text, and its most frequent values say little of it. */
const mostDistinct = 10_000;
export const mostFeatures = 10_000;

export const isMissing = (value: unknown): boolean => value === null || value === undefined || value === '' || value !== value;
const quoted = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);

/** Refuses columns of which nothing can be learned, and says what each one is. `kinds` overrules what the values look like. */
export const learnFeatures = (columns: TableColumns, rows: number, kinds: Readonly<Record<string, ColumnKind>> = {}): TableFeature[] => {
  const names = Object.keys(columns);
  if (names.length === 0) throw invalid('There is no column to learn from', 'no_columns');
  if (names.length > mostFeatures)
    throw invalid(`There are ${names.length} columns, more than ${mostFeatures}; choose among them`, 'too_many_columns');
  for (const name of Object.keys(kinds)) {
    if (!Object.hasOwn(columns, name))
      throw invalid(`There is no column ${quoted(name)}, whose kind is given`, 'unknown_column', { column: name });
  }
  return names.map((name) => {
    const column = columns[name]!;
    if (column.length !== rows) {
      throw invalid(`Column ${quoted(name)} has ${column.length} values for ${rows} rows`, 'unequal_lengths', { column: name });
    }
    if (isAllMissing(column)) throw allMissing(name);
    const kind = kinds[name] ?? kindOf(name, column);
    return { name, kind, categories: kind === 'category' ? frequentCategories(name, column) : [] };
  });
};

const kindOf = (name: string, column: CellColumn): ColumnKind => {
  if (!Array.isArray(column)) return 'number';
  const types = new Set<string>();
  let last = '';
  for (const value of column) {
    if (typeof value === last || isMissing(value)) continue;
    last = typeof value;
    types.add(last);
  }
  const [type] = types;
  if (types.size > 1) {
    throw invalid(
      `Column ${quoted(name)} holds values of several types (${[...types].sort().join(', ')}); make them one, or say that it is a category`,
      'mixed_column',
      {
        column: name,
      },
    );
  }
  if (type === 'number' || type === 'boolean') return type;
  if (type === 'string') return 'category';
  throw invalid(
    `Column ${quoted(name)} holds values of type ${String(type)}; numbers, texts and truths can be learned from`,
    'wrong_type',
    {
      column: name,
    },
  );
};

const isAllMissing = (column: CellColumn): boolean => {
  for (const value of column) if (!isMissing(value)) return false;
  return true;
};
const allMissing = (name: string) =>
  invalid(`Column ${quoted(name)} has no value in any row; leave it out`, 'all_missing_column', { column: name });

const frequentCategories = (name: string, column: CellColumn): string[] => {
  const counts = new Map<string, number>();
  for (const value of column) {
    if (isMissing(value)) continue;
    const category = String(value);
    counts.set(category, (counts.get(category) ?? 0) + 1);
    if (counts.size <= mostDistinct) continue;
    throw invalid(
      `Column ${quoted(name)} has more than ${mostDistinct} different categories: it looks like an id or a text; leave it out, or group its values`,
      'too_many_categories',
      { column: name, limit: mostDistinct },
    );
  }
  const byCount = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return byCount.slice(0, mostCategories).map(([category]) => category);
};

const greatestFloat = 3.4028234663852886e38;

/**
 * The column in float32: what both trainers learn from, and what the exported graph computes with. A number is rounded, NaN where missing; a truth
 * is 0 or 1; a category is its code.
 */
export const encodeColumn = ({ name, kind, categories }: TableFeature, column: CellColumn): Float32Array => {
  if (column instanceof Float32Array && kind === 'number') return finite(name, column);
  const encoded = new Float32Array(column.length);
  if (kind === 'category') {
    const codes = new Map(categories.map((category, i) => [category, i + 1]));
    for (let row = 0; row < column.length; row++) {
      const value = column[row];
      if (!isMissing(value)) encoded[row] = codes.get(typeof value === 'string' ? value : String(value)) ?? 0;
    }
    return encoded;
  }
  const type = kind === 'number' ? 'number' : 'boolean';
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    if (isMissing(value)) encoded[row] = Number.NaN;
    else if (typeof value === type) encoded[row] = Number(value);
    else throw wrongType(name, row, { value, wanted: kind === 'number' ? 'numbers' : 'true or false' });
  }
  return finite(name, encoded);
};

const wrongType = (column: string, row: number, { value, wanted }: { value: unknown; wanted: string }) =>
  invalid(
    `Column ${quoted(column)} holds ${JSON.stringify(value)?.slice(0, 100)} in row ${row} (the first is 0); it takes ${wanted}`,
    'wrong_type',
    { column, row },
  );

const finite = (name: string, values: Float32Array): Float32Array => {
  for (let row = 0; row < values.length; row++) {
    if (!(Math.abs(values[row]!) > greatestFloat)) continue;
    throw invalid(
      `Column ${quoted(name)} holds a number beyond ${greatestFloat.toPrecision(2)} in row ${row} (the first is 0)`,
      'not_finite',
      { column: name, row },
    );
  }
  return values;
};
