import { philox } from '../autodiff/philox.ts';

/** A seed, a whole number from 0 to 2⁵³ - 1, as the key of Philox. */
export const keyOf = (seed: number): readonly [number, number] => [seed >>> 0, Math.floor(seed / 2 ** 32)];

/** Numbers of 32 bits, one after the other, that a seed and the name of a stream determine: for shuffles. */
export const createStream = (seed: number, stream: readonly [number, number]): (() => number) => {
  const four = new Uint32Array(4);
  let drawn = 0;
  return () => {
    if (drawn % 4 === 0) philox([drawn / 4, 0, ...stream], keyOf(seed), four);
    return four[drawn++ % 4]!;
  };
};
