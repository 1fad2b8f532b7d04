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
  /** By column. */
  readonly idf: Float64Array;
  /** Count a term that occurs n times as 1 + ln n. */
  readonly sublinear: boolean;
}

/** TF-IDF: counts times idf, scaled to length 1. Count the columns of a text, then take its row. A text of no known term is the empty row. */
export const createRowMaker = ({ idf, sublinear }: Weighting) => {
  const row: SparseRow = { size: 0, columns: new Int32Array(idf.length), values: new Float64Array(idf.length) };
  const { columns, values } = row;
  /** Where a column stands in the row that is being made, else -1. As large as the vocabulary, hence made once. */
  const places = new Int32Array(idf.length).fill(-1);
  let size = 0;
  return {
    count: (column: number): void => {
      const place = places[column]!;
      if (place !== -1) {
        values[place]! += 1;
        return;
      }
      places[column] = size;
      columns[size] = column;
      values[size++] = 1;
    },
    take: (): SparseRow => {
      let squares = 0;
      for (let i = 0; i < size; i++) {
        const column = columns[i]!;
        places[column] = -1;
        const n = values[i]!;
        const value = (sublinear ? 1 + Math.log(n) : n) * idf[column]!;
        values[i] = value;
        squares += value * value;
      }
      const length = Math.sqrt(squares);
      for (let i = 0; i < size; i++) values[i]! /= length;
      row.size = size;
      size = 0;
      return row;
    },
  };
};

export const createVectoriser = ({ vocabulary, ...weighting }: Weighting & { readonly vocabulary: Vocabulary }) => {
  const { count, take } = createRowMaker(weighting);
  return (text: string): SparseRow => {
    vocabulary.scan(text, count);
    return take();
  };
};
