import { averagePrecision, type Ranked, rocAuc } from '../ranking-scores.ts';

/** What is predicted when rows with a score of at least `threshold` are called positive; null: none is. */
export interface ThresholdPoint {
  readonly threshold: number | null;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
  /** Shares, null where no row is of the kind that they are about. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly specificity: number | null;
  readonly f1: number | null;
  readonly accuracy: number | null;
}

/**
 * One point per distinct score, from the strictest threshold (none positive) to the loosest (all are). Shares are without unit, in [0, 1].
 * With `points`, at most that many, the ends among them and the others spread evenly over the way that the ROC curve goes.
 * RangeError as `rocAuc`, or for fewer than two points.
 */
export const thresholdCurve = ({ positive, scores }: Ranked, { points = Infinity }: { points?: number } = {}): ThresholdPoint[] => {
  if (!(points >= 2)) throw new RangeError(`A curve has two points or more, not ${points}`);
  if (positive.length !== scores.length) throw new RangeError(`${positive.length} rows, but ${scores.length} scores`);
  const odd = scores.findIndex((score) => !Number.isFinite(score));
  if (odd !== -1) throw new RangeError(`The score of row ${odd} is not a finite number`);
  const totals = { positives: positive.filter(Boolean).length, negatives: positive.filter((yes) => !yes).length };
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: Step[] = [{ threshold: null, tp: 0, fp: 0 }];
  let [tp, fp] = [0, 0];
  for (const [k, i] of order.entries()) {
    if (positive[i]) tp++;
    else fp++;
    if (k + 1 === order.length || scores[order[k + 1]!] !== scores[i]) steps.push({ threshold: scores[i]! + 0, tp, fp });
  }
  return thin(steps, points).map((step) => pointOf(step, totals));
};

export interface RocCurve {
  readonly points: readonly { readonly threshold: number | null; readonly falsePositiveRate: number; readonly truePositiveRate: number }[];
  /** Of all points, also where fewer are given. */
  readonly area: number;
}

/** The receiver operating characteristic; null where one of the kinds is missing. Options and errors as `thresholdCurve`. */
export const rocCurve = (ranked: Ranked, options: { points?: number } = {}): RocCurve | null => {
  const curve = thresholdCurve(ranked, options);
  const area = rocAuc(ranked);
  if (area === null) return null;
  const points = curve.map(({ threshold, fp, tn, recall }) => ({
    threshold,
    falsePositiveRate: fp / (fp + tn),
    truePositiveRate: recall!,
  }));
  return { points, area };
};

export interface PrecisionRecallCurve {
  readonly points: readonly { readonly threshold: number; readonly precision: number; readonly recall: number }[];
  /** The average precision, of all points, also where fewer are given. */
  readonly area: number;
}

/** Precision over recall; null where there are no positives. Its area goes by steps, not by straight lines. Errors as `thresholdCurve`. */
export const precisionRecallCurve = (ranked: Ranked, options: { points?: number } = {}): PrecisionRecallCurve | null => {
  const curve = thresholdCurve(ranked, options);
  const area = averagePrecision(ranked);
  if (area === null) return null;
  const points = curve.flatMap(({ threshold, precision, recall }) =>
    threshold === null ? [] : [{ threshold, precision: precision!, recall: recall! }],
  );
  return { points, area };
};

interface Step {
  readonly threshold: number | null;
  readonly tp: number;
  readonly fp: number;
}

const thin = (steps: readonly Step[], points: number): readonly Step[] => {
  if (steps.length <= points) return steps;
  const last = steps.at(-1)!;
  const way = ({ tp, fp }: Step): number => tp / Math.max(1, last.tp) + fp / Math.max(1, last.fp);
  const kept = steps.filter((step, i) => {
    if (i === 0 || step === last) return true;
    const lap = (at: Step): number => Math.floor((way(at) / way(last)) * (Math.floor(points) - 1));
    return lap(step) > lap(steps[i - 1]!) && lap(step) < Math.floor(points) - 1;
  });
  return kept;
};

const pointOf = ({ threshold, tp, fp }: Step, { positives, negatives }: { positives: number; negatives: number }): ThresholdPoint => {
  const [fn, tn] = [positives - tp, negatives - fp];
  const share = (hits: number, of: number): number | null => (of === 0 ? null : hits / of);
  return {
    threshold,
    tp,
    fp,
    fn,
    tn,
    precision: share(tp, tp + fp),
    recall: share(tp, positives),
    specificity: share(tn, negatives),
    f1: share(2 * tp, 2 * tp + fp + fn),
    accuracy: share(tp + tn, positives + negatives),
  };
};
