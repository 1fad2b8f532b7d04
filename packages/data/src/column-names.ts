import { type Column, invalid } from '@boucle/contract';

/** Names of a table's columns: all there, none twice, none of ours. */
export const checkNames = (names: readonly (string | null)[]): string[] => {
  if (names.length === 0) throw invalid('A table needs a column', 'no_columns');
  const seen = new Map<string, string>();
  return names.map((name, i) => {
    if (name === null || name.trim() === '') throw invalid(`Column ${i + 1} has no name; give it one`, 'column_unnamed', { field: i + 1 });
    if (name === '_row')
      throw invalid('The column name _row is reserved for the identity of rows; rename it', 'reserved_column', { column: name });
    const other = seen.get(name.toLowerCase());
    if (other === name) throw invalid(`Column "${name}" is there twice; rename one`, 'column_doubled', { column: name });
    if (other !== undefined) {
      throw invalid(`Columns "${other}" and "${name}" differ only in case, which Parquet readers confuse; rename one`, 'column_doubled', {
        column: name,
      });
    }
    seen.set(name.toLowerCase(), name);
    return name;
  });
};

/** The column of that name, or a refusal that says which there are. */
export const findColumn = (columns: readonly Column[], name: string): Column => {
  const column = columns.find((one) => one.name === name);
  if (column) return column;
  throw invalid(`There is no column "${name}"; there are ${columns.map((one) => `"${one.name}"`).join(', ')}`, 'unknown_column', {
    column: name,
  });
};
