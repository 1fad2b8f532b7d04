import { normalQuantile, type Random } from '@boucle/statistics';

/** Values of a reference and of a window. */
export interface Pair {
  readonly kind: 'num' | 'cat';
  readonly reference: readonly number[];
  readonly current: readonly number[];
}
/** Where a column's values come from. `shift` moves numbers by so much of their scale, and so much of the mass to the first category. */
export interface Law {
  readonly name: string;
  readonly kind: Pair['kind'];
  readonly draw: (random: Random, size: number, shift?: number) => number[];
}

const normal = (random: Random): number => normalQuantile(random.uniform() + 2 ** -54);
const numbers = (name: string, one: (random: Random, shift: number) => number): Law => ({
  name,
  kind: 'num',
  draw: (random, size, shift = 0) => Array.from({ length: size }, () => one(random, shift)),
});

export const numberLaws: readonly Law[] = [
  numbers('normal', (random, shift) => normal(random) + shift),
  numbers('skewed', (random, shift) => Math.exp(normal(random) + shift)),
  numbers('tied', (random, shift) => Math.round(2 * (normal(random) + shift))),
];

/** Categories 0 to k − 1, each less common than the one before, as words are. */
export const categoryLaw = (k: number): Law => {
  const upTo: number[] = [];
  let total = 0;
  for (let i = 0; i < k; i++) upTo.push((total += 1 / (1 + i)));
  const one = (random: Random): number => {
    const u = random.uniform() * total;
    let [low, high] = [0, k - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! < u) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    name: `${k} categories`,
    kind: 'cat',
    draw: (random, size, shift = 0) => Array.from({ length: size }, () => (shift > 0 && random.uniform() < shift ? 0 : one(random))),
  };
};
