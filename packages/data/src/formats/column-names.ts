import { invalid } from '@boucle/contract';

/** Names as a file gives them: all there, none twice, none of ours. `_row` may stand in a Parquet file that we wrote. */
export const checkNames = (names: readonly (string | null)[]): string[] => {
  const seen = new Map<string, string>();
  return names.map((name, i) => {
    if (name === null || name.trim() === '') throw invalid(`Column ${i + 1} has no name; give it one in the first line`, 'column_unnamed', { line: 1, field: i + 1 });
    if (name === '_row') throw invalid(`Column ${i + 1} is called _row, which is reserved for the identity of rows; rename it`, 'reserved_column', { line: 1, column: name });
    const other = seen.get(name.toLowerCase());
    if (other === name) throw invalid(`Column "${name}" is there twice; rename one`, 'column_doubled', { line: 1, column: name });
    if (other !== undefined) throw invalid(`Columns "${other}" and "${name}" differ only in case, which Parquet readers confuse; rename one`, 'column_doubled', { line: 1, column: name });
    seen.set(name.toLowerCase(), name);
    return name;
  });
};
