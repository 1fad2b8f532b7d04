/** Counts of one sample in each category. */
export type Counts = readonly number[];

/** Two samples' counts over the categories that occur at all. */
export interface TwoCounts {
  readonly first: Counts;
  readonly second: Counts;
  readonly sizes: readonly [number, number];
}

const total = (counts: Counts): number => counts.reduce((sum, count) => sum + count, 0);

/** RangeError unless every entry is a whole number from 0 on. */
export const requireCounts = (counts: Counts): void => {
  for (const count of counts) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`A count is a whole number from 0 on, not ${count}`);
  }
};

/** Leaves out the categories that neither sample has. RangeError for counts that cannot be, or lists of different length. */
export const twoCounts = (first: Counts, second: Counts): TwoCounts => {
  if (first.length !== second.length) {
    throw new RangeError(
      `Both samples are counted over the same categories, not over ${first.length} and ${second.length}; give 0 for a missing one`,
    );
  }
  requireCounts(first);
  requireCounts(second);
  const occurs = (_: number, c: number): boolean => first[c]! + second[c]! > 0;
  return { first: first.filter(occurs), second: second.filter(occurs), sizes: [total(first), total(second)] };
};

/** Why no test of these counts has a meaning, or undefined. */
export const countsWithoutMeaning = ({ first, sizes }: TwoCounts): string | undefined => {
  if (sizes[0] === 0) return 'the first sample is empty';
  if (sizes[1] === 0) return 'the second sample is empty';
  return first.length < 2 ? 'only one category occurs' : undefined;
};

/** The smallest count that pooled shares lead to expect in a cell. */
export const smallestExpected = ({ first, second, sizes: [n, m] }: TwoCounts): number =>
  (Math.min(n, m) * Math.min(...first.map((count, c) => count + second[c]!))) / (n + m);
