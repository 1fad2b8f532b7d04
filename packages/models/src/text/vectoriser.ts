import type { Vocabulary } from './vocabulary.ts';

/** One sparse row: the first `size` places of both arrays count. Its owner uses it again for the next text. */
export interface SparseRow {
  size: number;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** How rare a term is, as scikit-learn's smooth idf: ln((1 + n) / (1 + texts)) + 1, of n texts. */
export const inverseFrequency = (n: number, texts: number): number => Math.log((1 + n) / (1 + texts)) + 1;

interface Weighting {
  vocabulary: Vocabulary;
  idf: Float64Array;
  /** Count a term that occurs n times as 1 + ln n. */
  sublinear: boolean;
}

/** TF-IDF: counts times idf, scaled to length 1. A text of no known term is the empty row. */
export const createVectoriser = ({ vocabulary, idf, sublinear }: Weighting) => {
  const row: SparseRow = { size: 0, columns: new Int32Array(idf.length), values: new Float64Array(idf.length) };
  /** Where a column stands in the row that is being made, else -1. As large as the vocabulary, hence made once. */
  const places = new Int32Array(idf.length).fill(-1);
  const count = (column: number): void => {
    const place = places[column]!;
    if (place !== -1) {
      row.values[place]! += 1;
      return;
    }
    places[column] = row.size;
    row.columns[row.size] = column;
    row.values[row.size++] = 1;
  };
  return (text: string): SparseRow => {
    row.size = 0;
    vocabulary.scan(text, count);
    let squares = 0;
    for (let i = 0; i < row.size; i++) {
      const column = row.columns[i]!;
      places[column] = -1;
      const n = row.values[i]!;
      const value = (sublinear ? 1 + Math.log(n) : n) * idf[column]!;
      row.values[i] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let i = 0; i < row.size; i++) row.values[i]! /= length;
    return row;
  };
};
