/** Rows of ids, filled up to one length. */
export interface PaddedIds {
  readonly length: number;
  /** [rows, length] */
  readonly ids: BigInt64Array;
  /** 1 where there is a token, 0 where it was filled up. */
  readonly mask: BigInt64Array;
}

/** Fills up to the longest row, or to `length`, and with empty rows to `count`. */
export const padded = (
  rows: readonly (readonly number[])[],
  { padId, length = Math.max(...rows.map((row) => row.length)), count = rows.length }: { padId: number; length?: number; count?: number },
): PaddedIds => {
  const ids = new BigInt64Array(count * length).fill(BigInt(padId));
  const mask = new BigInt64Array(count * length);
  rows.forEach((row, i) => {
    row.forEach((id, j) => (ids[i * length + j] = BigInt(id)));
    mask.fill(1n, i * length, i * length + row.length);
  });
  return { length, ids, mask };
};
