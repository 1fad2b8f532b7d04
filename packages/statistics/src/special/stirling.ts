/** Stirling's series, which 16 and more reach to the last digit. */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360] as const;

/** ln Γ(a + 1) - (a + ½) ln a + a - ½ ln 2π for a > 0: what Stirling's formula leaves out. */
export const stirlingError = (a: number): number => {
  let error = 0;
  let n = a;
  for (; n < 16; n++) error += (n + 0.5) * Math.log1p(1 / n) - 1;
  const inverse = 1 / (n * n);
  return error + series.reduceRight((sum, coefficient) => sum * inverse + coefficient, 0) / n;
};

/**
 * a ln(a/x) + x - a for a, x > 0: half the deviance of a Poisson count `a` whose mean is `x`.
 * Near each other the two cancel, so there the series of Loader 2000 (Fast and accurate computation of binomial probabilities) is summed.
 */
export const halfDeviance = (a: number, x: number): number => {
  const difference = a - x;
  if (Math.abs(difference) > 0.1 * (a + x)) return a * Math.log(a / x) - difference;
  const ratio = difference / (a + x);
  let power = 2 * a * ratio;
  let sum = difference * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= ratio * ratio;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
};
