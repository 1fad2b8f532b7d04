/**
 * The area under the ROC curve that calibrated probabilities lead one to expect: each row counts as its probability of a positive
 * and the rest of a negative. Equal scores form one step, by trapezoid. Null where either expected number is 0.
 */
export const expectedArea = (
  scores: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): { area: number; positives: number; negatives: number } | null => {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let [positives, negatives, wins] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    let [up, down] = [0, 0];
    const score = scores[order[start]!]!;
    for (; start < order.length && scores[order[start]!] === score; start++) {
      up += probabilities[order[start]!]!;
      down += 1 - probabilities[order[start]!]!;
    }
    wins += down * (positives + up / 2);
    positives += up;
    negatives += down;
  }
  if (!(positives > 0 && negatives > 0)) return null;
  return { area: Math.min(1, wins / (positives * negatives)), positives, negatives };
};

/** The variance of an area from its size alone. Source: Hanley and McNeil 1982, equation 1. */
export const areaVarianceBySize = (area: number, positives: number, negatives: number): number => {
  const twice = area / (2 - area) - area * area;
  const pair = (2 * area * area) / (1 + area) - area * area;
  const sum = area * (1 - area) + Math.max(0, positives - 1) * twice + Math.max(0, negatives - 1) * pair;
  return Math.max(0, sum / (positives * negatives));
};
