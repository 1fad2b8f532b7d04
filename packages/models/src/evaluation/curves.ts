import {
  calibrationCurve,
  type CalibrationBin,
  precisionRecallCurve,
  type PrecisionRecallCurve,
  type Ranked,
  rocCurve,
  type RocCurve,
} from '@boucle/statistics';

/** What one label's probability does at every threshold, and how often it comes true. Null where a kind of rows is missing. */
export interface Curves {
  readonly label: string;
  readonly roc: RocCurve | null;
  readonly precisionRecall: PrecisionRecallCurve | null;
  /** Bins of equally many rows. */
  readonly calibration: readonly CalibrationBin[];
}

/** Points a curve keeps of as many as there are rows; its areas are those of all. */
const points = 60;

export const curvesOf = (label: string, ranked: Ranked, confidence: number): Curves => ({
  label,
  roc: rocCurve(ranked, { points }),
  precisionRecall: precisionRecallCurve(ranked, { points }),
  calibration: calibrationCurve({ positive: ranked.positive, probabilities: ranked.scores }, { spacing: 'mass', confidence }),
});
