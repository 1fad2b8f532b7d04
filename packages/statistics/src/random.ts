/** A stream of random numbers that a seed repeats exactly, on every machine. Not for secrets. */
export interface Random {
  /** At least 0 and below 1, a multiple of 2⁻⁵³. */
  readonly uniform: () => number;
  /** A whole number from 0 to `below` - 1, each equally likely. RangeError unless `below` is whole and 1 ≤ below ≤ 2³². */
  readonly integer: (below: number) => number;
  /** Puts the items into a random order, in place, each order equally likely (Fisher and Yates); returns the same list. */
  readonly shuffle: <Items extends Shuffled>(items: Items) => Items;
}

type Shuffled = unknown[] | Float64Array | Int32Array | Uint32Array | Uint8Array;

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Spreads a small seed over 32 bits: the finaliser of MurmurHash3 over a Weyl sequence (Steele, Lea, Flood 2014). */
const spread = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
};

/** xoshiro128** from a state of four 32-bit words, not all zero: each call gives 32 bits. */
export const xoshiro128 = (state: readonly [number, number, number, number]): (() => number) => {
  // A typed array keeps the words unboxed.
  const words = Int32Array.from(state);
  return () => {
    const [a, b] = [words[0]!, words[1]!];
    const c = words[2]! ^ a;
    const d = words[3]! ^ b;
    words[0] = a ^ d;
    words[1] = b ^ c;
    words[2] = c ^ (b << 9);
    words[3] = rotate(d, 11);
    return Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  };
};

/**
 * A generator with the state that `seed` determines: xoshiro128**, period 2¹²⁸ - 1.
 * Source: Blackman and Vigna 2021, Scrambled linear pseudorandom number generators.
 * RangeError unless `seed` is a whole number from 0 to 2⁵³ - 1.
 */
export const createRandom = (seed: number): Random => {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`A seed is a whole number from 0 to 2^53 - 1, not ${seed}`);
  const low = spread(seed | 0);
  const high = spread(Math.floor(seed / 2 ** 32) ^ 0x5bd1e995);
  // Odd, so that the state is never all zero.
  const next = xoshiro128([low() ^ high(), low() ^ high(), low() ^ high(), (low() ^ high()) | 1]);
  const integer = (below: number): number => {
    if (!(Number.isInteger(below) && below >= 1 && below <= 2 ** 32)) {
      throw new RangeError(`A random whole number needs a bound from 1 to 2^32, not ${below}`);
    }
    let drawn = next();
    if (below === 2 ** 32) return drawn;
    // Draws from the last, incomplete round of `below` numbers would favour the small ones; few draws need the exact bound.
    if (drawn >= 2 ** 32 - below) {
      const fair = 2 ** 32 - (2 ** 32 % below);
      while (drawn >= fair) drawn = next();
    }
    // Told that both are 32 bits wide, engines divide whole numbers.
    return (drawn >>> 0) % (below >>> 0);
  };
  return {
    uniform: () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53,
    integer,
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const kept = items[i]!;
        items[i] = items[j]!;
        items[j] = kept;
      }
      return items;
    },
  };
};
