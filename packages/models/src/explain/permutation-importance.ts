import type { Columns } from '@boucle/contract';
import { createRandom, type Estimate, meanEstimate } from '@boucle/statistics';

export interface Permuting {
  readonly columns: Columns;
  /** How bad the answers to these columns are, such as mean loss or error: more is worse. In any unit. */
  readonly lossOf: (columns: Columns) => Promise<number>;
  /** How often each column is shuffled; its interval needs two or more. */
  readonly repeats?: number;
  readonly seed?: number;
  readonly confidence?: number;
}
export interface Importance {
  readonly column: string;
  /** Mean increase of the loss, in its unit, with the interval over the shuffles: these rows and this model are taken as given. */
  readonly increase: Estimate;
}

/**
 * How much worse a model gets when one column's values change rows, so that they say nothing any more; the most important first. Columns that
 * say the same share their importance: shuffling one leaves the other. The same seed shuffles alike, whichever columns there are.
 * Source: Breiman 2001, section 10; Fisher, Rudin, Dominici 2019. RangeError for fewer than one repeat.
 */
export const permutationImportance = async ({
  columns,
  lossOf,
  repeats = 10,
  seed = 0,
  confidence = 0.95,
}: Permuting): Promise<Importance[]> => {
  if (!Number.isSafeInteger(repeats) || repeats < 1)
    throw new RangeError(`Columns are shuffled a whole number of times from 1 on, not ${repeats}`);
  const whole = await lossOf(columns);
  const found: Importance[] = [];
  for (const [column, values] of Object.entries(columns)) {
    const random = createRandom(seed);
    const increases = new Float64Array(repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      increases[repeat] = (await lossOf({ ...columns, [column]: random.shuffle([...values]) })) - whole;
    }
    found.push({ column, increase: meanEstimate(increases, { method: `permutation, ${repeats} shuffles, Student`, confidence }) });
  }
  return found.sort((a, b) => b.increase.value! - a.increase.value! || (a.column < b.column ? -1 : 1));
};
