import { padding } from './word-ids.ts';

/** Rows of word numbers, filled up to one length; and with rows of one padding word to `count`. */
export const padWords = (
  rows: readonly (readonly number[])[],
  { length, count = rows.length }: { readonly length: number; readonly count?: number },
): { ids: BigInt64Array; lengths: BigInt64Array } => {
  const ids = new BigInt64Array(count * length).fill(BigInt(padding));
  const lengths = new BigInt64Array(count).fill(1n);
  for (const [i, row] of rows.entries()) {
    lengths[i] = BigInt(row.length);
    for (const [j, id] of row.entries()) ids[i * length + j] = BigInt(id);
  }
  return { ids, lengths };
};
