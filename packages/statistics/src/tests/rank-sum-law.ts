/**
 * The exact law of the rank sum of `n` values among those whose doubled midranks are given, every choice equally likely:
 * entry s is the probability of a doubled rank sum s. Ties keep it exact. O(N·n·s).
 * Source: Streitberg and Röhmel 1986, the shift algorithm.
 */
export const rankSumLaw = (doubledRanks: readonly number[], n: number): Float64Array => {
  const total = doubledRanks.length;
  const most = [...doubledRanks]
    .sort((a, b) => b - a)
    .slice(0, n)
    .reduce((sum, rank) => sum + rank, 0);
  // chosen[k][s]: of the values seen so far, the ways to choose k with sum s, divided by the ways to choose k at all.
  const chosen = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  chosen[0]![0] = 1;
  for (let seen = 1; seen <= total; seen++) {
    const rank = doubledRanks[seen - 1]!;
    for (let k = Math.min(n, seen); k >= 1; k--) {
      const [taken, left] = [chosen[k - 1]!, chosen[k]!];
      const share = k / seen;
      for (let s = most; s >= 0; s--) left[s] = (1 - share) * left[s]! + (s >= rank ? share * taken[s - rank]! : 0);
    }
  }
  return chosen[n]!;
};
