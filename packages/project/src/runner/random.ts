import { createHash } from 'node:crypto';

/**
 * Numbers in [0, 1) from a text: xoshiro128** (Blackman and Vigna 2018), its four words of state the first 16 bytes of the seed's
 * SHA-256, little-endian. Each number takes 53 bits: 27 of one word, 26 of the next.
 */
export const createRandom = (seed: string): (() => number) => {
  const hash = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => hash.readUInt32LE(at)) as [number, number, number, number];
  const word = (): number => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return result;
  };
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
};

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
