import { createRandom } from '../random.ts';

/** Fills a list of row numbers with a new draw, each time it is called. The list is the same one every time. */
export type Resample = () => Uint32Array;

/** Draws as many rows as there are, with replacement; with strata, each stratum keeps its number of rows. */
export const createResample = ({ rows, strata, seed }: { rows: number; strata?: ArrayLike<string | number>; seed: number }): Resample => {
  const random = createRandom(seed);
  const drawn = new Uint32Array(rows);
  if (strata === undefined) {
    return () => {
      for (let i = 0; i < rows; i++) drawn[i] = random.integer(rows);
      return drawn;
    };
  }
  if (strata.length !== rows) throw new RangeError(`${strata.length} strata for ${rows} rows; every row has one`);
  const groups = new Map<string | number, number[]>();
  for (let i = 0; i < rows; i++) {
    const group = groups.get(strata[i]!);
    if (group) group.push(i);
    else groups.set(strata[i]!, [i]);
  }
  return () => {
    let at = 0;
    for (const group of groups.values()) for (let k = 0; k < group.length; k++) drawn[at++] = group[random.integer(group.length)]!;
    return drawn;
  };
};

/**
 * The rows without one part, for each part in turn: single rows where there are at most 500, else 200 random parts of equal size.
 * Each list is valid until the next one is asked for.
 */
export function* leavingOut(rows: number, seed: number): Generator<Uint32Array> {
  const parts = rows <= 500 ? rows : 200;
  const order = createRandom(seed).shuffle(Uint32Array.from({ length: rows }, (_, i) => i));
  for (let part = 0; part < parts; part++) yield order.filter((_, i) => i % parts !== part);
}
