import { createRandom } from '@boucle/statistics';
import { gridOf } from './grid.ts';
import { sample } from './sample.ts';
import type { Settings, Space } from './space.ts';
import { type TpeOptions, suggestByTpe } from './tpe.ts';
import type { Trial } from './trial.ts';

export type SearchMethod =
  /** Every combination in turn; past its end it begins again. */
  { readonly kind: 'grid'; readonly pointsPerRange?: number } | { readonly kind: 'random' } | ({ readonly kind: 'tpe' } & TpeOptions);

export interface Asked {
  readonly space: Space;
  /** Trials whose values are known by now, in any order that is always the same. */
  readonly history: readonly Trial[];
  readonly method: SearchMethod;
  readonly seed: number;
  /** Which suggestion this is, from 0: several may be asked for on the same history. Default: the number of trials known. */
  readonly index?: number;
}

/** The settings to try next. The same question has the same answer, on every machine. */
export const suggest = ({ space, history, method, seed, index = history.length }: Asked): Settings => {
  if (method.kind === 'grid') {
    const grid = gridOf(space, method.pointsPerRange);
    return grid[index % grid.length]!;
  }
  const random = createRandom(streamOf(seed, index));
  return method.kind === 'random' ? sample(space, random) : suggestByTpe({ space, history, random, options: method });
};

/** Each suggestion draws from a stream of its own, so that one more trial leaves the others as they were. */
const streamOf = (seed: number, index: number): number => (seed % 2 ** 32) * 2 ** 20 + (index % 2 ** 20);
