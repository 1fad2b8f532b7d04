import type { SparseMatrix } from './sparse-matrix.ts';

/** Columns become rows, and one row of ones comes last: what the bias is the weight of. */
export const transposeWithOnes = ({ rows, width, begins, columns, values }: SparseMatrix): SparseMatrix => {
  const size = begins[rows]!;
  const counts = new Int32Array(width + 2);
  for (let i = 0; i < size; i++) counts[columns[i]! + 1]! += 1;
  counts[width + 1] = rows;
  for (let column = 0; column <= width; column++) counts[column + 1]! += counts[column]!;
  const at = counts.slice();
  const turned = { columns: new Int32Array(size + rows), values: new Float64Array(size + rows) };
  const put = (column: number, row: number, value: number): void => {
    const place = at[column]!++;
    turned.columns[place] = row;
    turned.values[place] = value;
  };
  for (let row = 0; row < rows; row++) {
    for (let i = begins[row]!; i < begins[row + 1]!; i++) put(columns[i]!, row, values[i]!);
    put(width, row, 1);
  }
  return { rows: width + 1, width: rows, begins: counts, ...turned };
};
