/** Enough that e^{-800}, the smallest that a double holds, is still seen by ten points. */
const points = 512;

/**
 * The limit law of Cramér and von Mises: P(ω² ≥ x), x ≥ 0.
 * (1/π) Σⱼ (-1)ʲ⁻¹ ∫ 2 e^{-xθ²/2} / √(-θ sin θ) dθ over ((2j-1)π, 2jπ), which keeps small tails.
 * Source: Smirnov 1936; Martynov 1978. Substituting θ = (2j-1)π + π(1 - cos φ)/2 leaves a smooth periodic integrand, for which midpoints suffice.
 * RangeError unless x ≥ 0.
 */
export const cramerVonMisesSurvival = (x: number): number => {
  if (!(x >= 0)) throw new RangeError(`The law of Cramér and von Mises is over x ≥ 0, not ${x}`);
  // Below this the law's lower tail is beneath the last digit of 1.
  if (x < 0.0017) return 1;
  let sum = 0;
  for (let j = 1; ; j++) {
    const start = (2 * j - 1) * Math.PI;
    const term = panel(start, x);
    sum += j % 2 === 1 ? term : -term;
    if (term <= sum * 1e-17) return Math.min(1, sum / Math.PI);
  }
};

const panel = (start: number, x: number): number => {
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const phi = ((i + 0.5) * Math.PI) / points;
    const step = Math.PI * Math.sin(phi / 2) ** 2;
    // sin(step) from its nearer end, where it is small.
    const sine = Math.sin(Math.PI * Math.min(Math.sin(phi / 2) ** 2, Math.cos(phi / 2) ** 2));
    const theta = start + step;
    sum += (Math.exp((-x * theta * theta) / 2) * Math.sin(phi)) / Math.sqrt(theta * sine);
  }
  return (sum * Math.PI * Math.PI) / points;
};
