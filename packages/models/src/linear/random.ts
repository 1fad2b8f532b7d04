/** Numbers of 32 bits that a seed determines (sfc32 by Chris Doty-Humphrey), the same on every machine. */
export const createRandom = (seed: number): (() => number) => {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const out = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
};

/** Brings the numbers into another order, each order as likely as the others (Fisher and Yates). */
export const shuffle = (numbers: Int32Array, random: () => number): void => {
  for (let last = numbers.length - 1; last > 0; last--) {
    const other = Math.floor((random() / 2 ** 32) * (last + 1));
    const held = numbers[last]!;
    numbers[last] = numbers[other]!;
    numbers[other] = held;
  }
};
