import { applyIsotonic, fitIsotonic, type IsotonicModel } from './isotonic.ts';
import { applyPlatt, fitPlatt, type PlattModel } from './platt.ts';

/** Turns a classifier's probabilities into ones that come true as often as they say. JSON as it stands. */
export interface CalibrationModel {
  readonly kind: 'calibration';
  readonly method: 'isotonic' | 'platt';
  readonly labels: readonly string[];
  /** One curve a label, in their order; for two labels a single one, of the second. */
  readonly curves: readonly (IsotonicModel | PlattModel)[];
}

export interface CalibrationRows {
  readonly actual: readonly string[];
  /** A row per actual label, scores in the order of `labels`, higher for likelier; they need not be probabilities. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly string[];
  /** Isotonic follows any monotone shape and wants about a thousand rows; Platt's curve does with some hundred. */
  readonly method?: 'isotonic' | 'platt';
}

/**
 * A calibration per label against all others; with two labels one for the second, the first being the rest.
 * Fit it on rows that the model was not trained on. Source: Zadrozny and Elkan 2002, section 4 (one against the rest, renormalised).
 * RangeError for no rows, unequal lengths, fewer than two labels, a label twice or not among `labels`, or scores that are not finite.
 */
export const fitCalibration = ({ actual, probabilities, labels, method = 'isotonic' }: CalibrationRows): CalibrationModel => {
  if (labels.length < 2 || new Set(labels).size < labels.length) throw new RangeError('Calibration needs two labels or more, each once');
  if (actual.length !== probabilities.length) {
    throw new RangeError(`${actual.length} actual labels, but ${probabilities.length} rows of probabilities`);
  }
  for (const [i, row] of probabilities.entries()) {
    if (!labels.includes(actual[i]!))
      throw new RangeError(`Row ${i} has the label ${JSON.stringify(actual[i])}, which is not among the labels`);
    if (row.length !== labels.length) throw new RangeError(`Row ${i} has ${row.length} scores for ${labels.length} labels`);
  }
  const curveOf = (label: string, column: number): IsotonicModel | PlattModel => {
    const scores = probabilities.map((row) => row[column]!);
    const positive = actual.map((value) => value === label);
    return method === 'platt' ? fitPlatt({ scores, positive }) : fitIsotonic({ scores, outcomes: positive.map(Number) });
  };
  const curves = labels.length === 2 ? [curveOf(labels[1]!, 1)] : labels.map(curveOf);
  return { kind: 'calibration', method, labels, curves };
};

/**
 * Calibrated probabilities of a row, summing to 1; all equal where every curve says 0.
 * RangeError for a row of another length or with scores that are not finite.
 */
export const applyCalibration = ({ labels, curves }: CalibrationModel, row: readonly number[]): number[] => {
  if (row.length !== labels.length) throw new RangeError(`A row holds ${labels.length} scores, not ${row.length}`);
  if (labels.length === 2) {
    const second = applyCurve(curves[0]!, row[1]!);
    return [1 - second, second];
  }
  const raw = curves.map((curve, i) => applyCurve(curve, row[i]!));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((p) => (sum > 0 ? p / sum : 1 / labels.length));
};

const applyCurve = (curve: IsotonicModel | PlattModel, score: number): number =>
  curve.kind === 'isotonic' ? applyIsotonic(curve, score) : applyPlatt(curve, score);
