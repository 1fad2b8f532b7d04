export { applyCalibration, type CalibrationModel, type CalibrationRows, fitCalibration } from './calibration.ts';
export { applyIsotonic, fitIsotonic, type IsotonicModel, type IsotonicRows } from './isotonic.ts';
export { applyPlatt, fitPlatt, type PlattModel } from './platt.ts';
export { type ClassPerformanceEstimate, estimatePerformance, type UnlabelledClassRows } from './cbpe-classes.ts';
export { type CbpeReference, cbpeReference, estimateBinaryPerformance, type PerformanceEstimate, type UnlabelledRows } from './cbpe.ts';
export { placements, rocAucInterval } from './delong.ts';
export { delongTest } from './delong-test.ts';
export { meanEstimate } from './mean-estimate.ts';
export { type ConfusionCounts } from './expected-confusion.ts';
export { type ScoredEstimate, scoreEstimate, type TrackRecord, trackRecord } from './track-record.ts';
export { bootstrap, type BootstrapOptions, type Compared, pairedBootstrap, type Statistic } from './bootstrap.ts';
export { clopperPearson } from './clopper-pearson.ts';
export { countDisagreement, type Disagreement, mcnemar } from './mcnemar.ts';
export { pairedPermutation } from './paired-permutation.ts';
export { type Agreement, agreement, type Confusion } from './agreement.ts';
export {
  type BinaryForecast,
  brierDecomposition,
  type BrierParts,
  type CalibrationBin,
  type CalibrationBinning,
  calibrationCurve,
  expectedCalibrationError,
} from './calibration-curve.ts';
export { type LabelAreas, oneVsRestAreas, type OneVsRestAreas, type ScoredLabels } from './one-vs-rest.ts';
export {
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocCurve,
  thresholdCurve,
  type ThresholdPoint,
} from './threshold-curve.ts';
export { kendall, spearman } from './rank-correlation.ts';
export { type RankedList, rankingMetrics, type RankingMetrics } from './ranking.ts';
export { pinballLoss, type Predicted, regressionMetrics, type RegressionMetrics } from './regression.ts';
