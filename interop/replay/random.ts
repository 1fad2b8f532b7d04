/** A stream of random choices that a seed repeats. */
export interface Random {
  /** From 0 up to, and without, `below`. */
  integer(below: number): number;
  chance(share: number): boolean;
  pick<T>(among: readonly T[]): T;
  /** Between `least` and `most` of them, in their order. */
  some<T>(make: () => T, least: number, most: number): T[];
}

/** Mulberry32: 32 bits of state are plenty for what is only to be repeated. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    integer,
    chance: (share) => next() < share,
    pick: (among) => among[integer(among.length)]!,
    some: (make, least, most) => Array.from({ length: least + integer(most - least + 1) }, make),
  };
};
