/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter and a key determine four 32-bit numbers,
 * which are written to `out`. It holds no state, so that any part of a sequence can be had again.
 */
export const philox = (counter: readonly [number, number, number, number], key: readonly [number, number], out: Uint32Array): void => {
  let [x0, x1, x2, x3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [a, b] = [x0, x2];
    x0 = mulHigh(0xcd9e8d57, b) ^ x1 ^ k0;
    x1 = Math.imul(0xcd9e8d57, b);
    x2 = mulHigh(0xd2511f53, a) ^ x3 ^ k1;
    x3 = Math.imul(0xd2511f53, a);
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
};

/** The upper half of the product of two 32-bit numbers. */
const mulHigh = (a: number, b: number): number => {
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const middle = a1 * b0 + (((a0 * b0) / 0x10000) >>> 0);
  const cross = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + ((middle / 0x10000) >>> 0) + ((cross / 0x10000) >>> 0)) | 0;
};
