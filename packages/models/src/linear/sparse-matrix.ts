import type { SparseRow } from '../text/vectoriser.ts';

/** Rows one after another: row i has the columns and values from `begins[i]` up to `begins[i + 1]`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly width: number;
  readonly begins: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Collects a known number of rows. */
export const createMatrixBuilder = (rows: number, width: number) => {
  const begins = new Int32Array(rows + 1);
  let columns = new Int32Array(rows * 16);
  let values = new Float64Array(rows * 16);
  let filled = 0;
  return {
    add: ({ size, columns: from, values: of }: SparseRow): void => {
      const begin = begins[filled]!;
      if (begin + size > columns.length) {
        const [oldColumns, oldValues] = [columns, values];
        columns = new Int32Array((begin + size) * 2);
        values = new Float64Array((begin + size) * 2);
        columns.set(oldColumns);
        values.set(oldValues);
      }
      // Rows are short: a loop is done before `set` has made its views.
      for (let i = 0; i < size; i++) {
        columns[begin + i] = from[i]!;
        values[begin + i] = of[i]!;
      }
      begins[++filled] = begin + size;
    },
    matrix: (): SparseMatrix => ({ rows, width, begins, columns, values }),
  };
};
