export interface Ranked {
  /** Whether a row is of the class that is looked for. */
  readonly positive: readonly boolean[];
  /** Higher means more likely so. Finite, in any unit: only their order counts. */
  readonly scores: readonly number[];
}

/**
 * The area under the ROC curve: the chance that a positive row scores higher than a negative one, a tie counting half.
 * Mann and Whitney's U by midranks, over positives × negatives. Without unit; 0.5 is chance. Null where either kind is missing.
 * Source: Hanley and McNeil 1982. RangeError for unequal lengths or a score that is not finite.
 */
export const rocAuc = (ranked: Ranked): number | null => {
  const groups = descendingGroups(ranked);
  const [positives, negatives] = totals(groups);
  if (positives === 0 || negatives === 0) return null;
  let above = 0;
  let wins = 0;
  for (const group of groups) {
    wins += group.negatives * (above + group.positives / 2);
    above += group.positives;
  }
  return wins / (positives * negatives);
};

/**
 * The area under the precision-recall curve as a step function: Σ (recallₙ - recallₙ₋₁) precisionₙ over falling thresholds, ties together.
 * Without unit; chance is the share of positives. Null where there are none.
 * Source: scikit-learn's average_precision_score; Manning, Raghavan, Schütze 2008, section 8.4. Errors as `rocAuc`.
 */
export const averagePrecision = (ranked: Ranked): number | null => {
  const groups = descendingGroups(ranked);
  const [positives] = totals(groups);
  if (positives === 0) return null;
  let found = 0;
  let seen = 0;
  let area = 0;
  for (const group of groups) {
    found += group.positives;
    seen += group.positives + group.negatives;
    area += group.positives * (found / seen);
  }
  // Divided last: whole numbers add up exactly, so that a perfect order is 1 and not a little more.
  return area / positives;
};

/** Rows of one score. */
interface Group {
  readonly score: number;
  positives: number;
  negatives: number;
}

const descendingGroups = ({ positive, scores }: Ranked): Group[] => {
  if (positive.length !== scores.length) throw new RangeError(`${positive.length} rows, but ${scores.length} scores`);
  const odd = scores.findIndex((score) => !Number.isFinite(score));
  if (odd !== -1) throw new RangeError(`The score of row ${odd} is not a finite number`);
  const groups = new Map<number, Group>();
  for (const [i, score] of scores.entries()) {
    const group = groups.get(score) ?? { score, positives: 0, negatives: 0 };
    if (positive[i]) group.positives++;
    else group.negatives++;
    groups.set(score, group);
  }
  return [...groups.values()].sort((a, b) => b.score - a.score);
};

const totals = (groups: readonly Group[]): [positives: number, negatives: number] => [
  groups.reduce((sum, g) => sum + g.positives, 0),
  groups.reduce((sum, g) => sum + g.negatives, 0),
];
