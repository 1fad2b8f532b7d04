import { type Estimate, notEstimable } from '../estimate.ts';
import { areaVariance } from './delong.ts';
import { areaVarianceBySize, expectedArea } from './expected-area.ts';
import { bandAround, confusionEstimate, type ConfusionCounts, type ConfusionMetric, spreadOf } from './expected-confusion.ts';

/** Three standard errors to either side. */
export const cbpeConfidence = 0.9973002039367398;
const method = 'confidence-based performance estimation';

/** What labelled rows say about the spread of the metrics; JSON as it stands. Made by `cbpeReference`. */
export interface CbpeReference {
  readonly counts: ConfusionCounts;
  /** The standard deviation of one row's contribution to the area: its standard error times √rows. Null where it has none. */
  readonly areaDeviation: number | null;
}

export interface UnlabelledRows {
  /** Calibrated probabilities of a positive: see `fitCalibration`. */
  readonly probabilities: ArrayLike<number>;
  readonly predicted: ArrayLike<boolean>;
  /** What rows are ranked by, where it is not the probabilities; higher for likelier. */
  readonly scores?: ArrayLike<number>;
  readonly reference?: CbpeReference;
  readonly confidence?: number;
}

export interface PerformanceEstimate extends Readonly<Record<ConfusionMetric, Estimate>> {
  readonly rows: number;
  /** Expected numbers of rows. */
  readonly expected: ConfusionCounts;
  readonly rocAuc: Estimate;
}

/**
 * How well a binary classifier is expected to do on rows without labels, from its calibrated probabilities c:
 * tp = Σ c and fp = Σ (1 - c) over rows predicted positive, fn = Σ c and tn = Σ (1 - c) over the others, and the metrics of these counts;
 * the ROC curve counts each row as c of a positive and 1 - c of a negative.
 * The band is ± z · deviation/√(rows · share): deviation and share of rows come from `reference`, else from the expected counts themselves
 * (the area's by Hanley and McNeil). It holds the sampling error alone, and only while P(label | features) is as it was when calibrated:
 * score estimates against later truth with `scoreEstimate`. Without unit, within [0, 1].
 * Source: NannyML's CBPE; for the expected counts, Guillory, Shankar, Ebrahimi, Darrell, Schmidt 2021.
 * RangeError for unequal lengths, a probability outside 0 to 1, a score that is not finite, or a confidence outside 0 to 1.
 */
export const estimateBinaryPerformance = (given: UnlabelledRows): PerformanceEstimate => {
  const { probabilities, predicted, reference, scores = probabilities, confidence = cbpeConfidence } = given;
  checkRows(given);
  const rows = probabilities.length;
  const expected = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < rows; i++) {
    expected[predicted[i] ? 'tp' : 'fn'] += probabilities[i]!;
    expected[predicted[i] ? 'fp' : 'tn'] += 1 - probabilities[i]!;
  }
  const estimate = (metric: ConfusionMetric): Estimate =>
    confusionEstimate(metric, expected, { rows, spread: spreadOf(metric, reference?.counts ?? expected), confidence, method });
  return {
    rows,
    expected,
    accuracy: estimate('accuracy'),
    precision: estimate('precision'),
    recall: estimate('recall'),
    f1: estimate('f1'),
    specificity: estimate('specificity'),
    rocAuc: estimateArea({ scores, probabilities, reference, confidence }),
  };
};

const estimateArea = ({
  scores,
  probabilities,
  reference,
  confidence,
}: Required<Pick<UnlabelledRows, 'scores' | 'probabilities' | 'confidence'>> & { reference: CbpeReference | undefined }): Estimate => {
  const rows = probabilities.length;
  const found = expectedArea(scores, probabilities);
  if (found === null) return notEstimable(method, [rows], 'no row is expected to be of one of the two kinds');
  const { area: value, positives, negatives } = found;
  if (reference?.areaDeviation === null)
    return { value, interval: null, method, sizes: [rows], why: 'the reference has no spread of the area' };
  const error = reference ? reference.areaDeviation / Math.sqrt(rows) : Math.sqrt(areaVarianceBySize(value, positives, negatives));
  return { value, interval: bandAround(value, error, confidence), method, sizes: [rows] };
};

/**
 * The spread of each metric on labelled rows: √(q(1 - q)) for shares, DeLong's standard error × √rows for the area.
 * RangeError for no rows or unequal lengths, and as `rocAuc`.
 */
export const cbpeReference = ({
  actual,
  predicted,
  scores,
}: {
  actual: readonly boolean[];
  predicted: readonly boolean[];
  scores: readonly number[];
}): CbpeReference => {
  if (actual.length === 0 || predicted.length !== actual.length) {
    throw new RangeError(`${actual.length} labels and ${predicted.length} predictions; a reference has as many of each, at least one`);
  }
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const [i, isPositive] of actual.entries()) counts[predicted[i] ? (isPositive ? 'tp' : 'fp') : isPositive ? 'fn' : 'tn'] += 1;
  const variance = areaVariance({ positive: actual, scores })?.variance ?? null;
  return { counts, areaDeviation: variance === null ? null : Math.sqrt(variance * actual.length) };
};

const checkRows = ({ probabilities, predicted, scores = probabilities, confidence = cbpeConfidence }: UnlabelledRows): void => {
  if (predicted.length !== probabilities.length || scores.length !== probabilities.length) {
    throw new RangeError(
      `${probabilities.length} probabilities, ${predicted.length} predictions, ${scores.length} scores; give as many of each`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  for (let i = 0; i < probabilities.length; i++) {
    if (!(probabilities[i]! >= 0 && probabilities[i]! <= 1))
      throw new RangeError(`Row ${i} has the probability ${probabilities[i]}; calibrate first`);
    if (!Number.isFinite(scores[i])) throw new RangeError(`The score of row ${i} is not a finite number`);
  }
};
