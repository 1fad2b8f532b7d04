import { mix32 } from './hash.ts';

/** Sorted values by level; those of level h stand for 2ʰ values each. The newest values, of level 0, may be kept elsewhere. */
export interface Ladder {
  readonly size: number;
  readonly seed: number;
  readonly levels: number[][];
  readonly compactions: number[];
}

/** Gives every second of the sorted values to the level above; the last of an odd number stays. */
export const promote = ({ levels, compactions, seed }: Ladder, from: ArrayLike<number>, level: number): void => {
  const turn = compactions[level]!++;
  const coin = (mix32(seed ^ mix32(Math.imul(turn >>> 1, 64) + level + 1)) ^ turn) & 1;
  if (level + 1 === levels.length) {
    levels.push([]);
    compactions.push(0);
  }
  const above = levels[level + 1]!;
  const joined: number[] = [];
  let kept = 0;
  for (let i = coin; i < from.length - (from.length % 2); i += 2) {
    while (kept < above.length && above[kept]! <= from[i]!) joined.push(above[kept++]!);
    joined.push(from[i]!);
  }
  while (kept < above.length) joined.push(above[kept++]!);
  levels[level + 1] = joined;
};

const capacity = (size: number, level: number, levels: number): number =>
  level === 0 ? size : Math.max(8, Math.ceil(size * (2 / 3) ** (levels - 1 - level)));

/** Promotes whole levels that have grown beyond their capacity, from the level `from` upwards. */
export const compress = (ladder: Ladder, from: number): void => {
  const { size, levels } = ladder;
  for (let h = from; h < levels.length; h++) {
    const level = levels[h]!;
    if (level.length < capacity(size, h, levels.length)) continue;
    promote(ladder, level, h);
    levels[h] = level.length % 2 === 1 ? [level.at(-1)!] : [];
  }
};
