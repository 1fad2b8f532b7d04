/**
 * Where an increasing function of x ≥ 0 passes from below zero to at least zero, to about 15 digits;
 * 0 where it is not below zero even there. Halving is slow and cannot fail.
 */
export const increasingRoot = (f: (x: number) => number): number => {
  if (f(0) >= 0) return 0;
  let low = 0;
  let high = 1;
  while (f(high) < 0) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 1100 && high - low > 4e-16 * high; i++) {
    const middle = low + (high - low) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
};
