import { invalid } from '@boucle/contract';

/**
 * At most `most` lengths to which rows are padded, the longest among them, such that the least is padded in all: the optimal partition of
 * the sorted lengths, by dynamic programming over the distinct ones. Ascending.
 */
export const bucketLengths = (lengths: readonly number[], most: number): number[] => {
  if (lengths.length === 0) throw invalid('There are no rows to make batches of', 'no_rows');
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  const distinct = thinned([...counts.keys()].sort((a, b) => a - b));
  const upTo = (length: number): number => [...counts].reduce((sum, [one, count]) => (one <= length ? sum + count : sum), 0);
  const rows = distinct.map(upTo);

  // cost[j]: the least that rows up to distinct[j] take, padded, with distinct[j] as the last of so many buckets.
  let cost = distinct.map((length, j) => length * rows[j]!);
  const choices: number[][] = [];
  for (let buckets = 2; buckets <= Math.min(most, distinct.length); buckets++) {
    const choice = distinct.map((length, j) => {
      let best = -1;
      let least = cost[j]!;
      for (let before = 0; before < j; before++) {
        const total = cost[before]! + length * (rows[j]! - rows[before]!);
        if (total < least) [best, least] = [before, total];
      }
      return { best, least };
    });
    choices.push(choice.map(({ best }) => best));
    cost = choice.map(({ least }) => least);
  }
  const chosen: number[] = [];
  let at = distinct.length - 1;
  chosen.push(distinct[at]!);
  for (const choice of choices.reverse()) {
    if (choice[at] === -1) continue;
    at = choice[at]!;
    chosen.unshift(distinct[at]!);
  }
  return chosen;
};

/** Of very many lengths every so many-th, and the last: the search is quadratic. */
const thinned = (lengths: readonly number[]): number[] => {
  const step = Math.ceil(lengths.length / 256);
  return lengths.filter((_, i) => (lengths.length - 1 - i) % step === 0);
};

/** The bucket of a row: the first that is long enough; longer rows are cut to the last. */
export const bucketOf = (length: number, buckets: readonly number[]): number => {
  const found = buckets.findIndex((bucket) => length <= bucket);
  return found === -1 ? buckets.length - 1 : found;
};
