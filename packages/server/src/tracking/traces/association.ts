/** How many traces there are, and how many of them each of two filters finds. */
export interface TraceCounts {
  readonly all: number;
  readonly first: number;
  readonly second: number;
  readonly both: number;
}

/**
 * Normalised pointwise mutual information: 1 where the two always come together, 0 where neither says anything of the other,
 * -1 where they never meet; null where one of them is nowhere. Some of each kind beforehand keep small counts from saying much.
 */
export const associationOf = ({ all, first, second, both }: TraceCounts, beforehand = 0): number | null => {
  if (first === 0 || second === 0) return null;
  if (both === all) return 1;
  const whole = all + 4 * beforehand;
  const [one, other, together] = [first + 2 * beforehand, second + 2 * beforehand, both + beforehand].map((count) => count / whole) as [
    number,
    number,
    number,
  ];
  if (together === 0) return -1;
  return Math.max(-1, Math.min(1, Math.log(together / (one * other)) / -Math.log(together)));
};
