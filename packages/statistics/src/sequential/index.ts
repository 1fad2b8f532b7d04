export {
  type Attribution,
  attribution,
  type AttributionOptions,
  type AttributionReading,
  logAttribution,
  observeAttribution,
  readAttribution,
} from './attribution.ts';
export { type BettingMean, bettingMean, type BettingMeanOptions, observeBettingMean, readBettingMean } from './betting-mean.ts';
export { type Covaried, type Cuped, cuped } from './cuped.ts';
export { bernoulliIncrement, type EDetector, eDetector, type EDetectorOptions, observeEDetector } from './e-detector.ts';
export {
  type BoundedMeanOptions,
  type EmpiricalBernstein,
  empiricalBernstein,
  observeEmpiricalBernstein,
  readEmpiricalBernstein,
} from './empirical-bernstein.ts';
export { type Bounds } from './evidence.ts';
export {
  type MeanDifference,
  meanDifference,
  type MeanDifferenceOptions,
  type MeanDifferenceReading,
  logMsprt,
  observeMeanDifference,
  readMeanDifference,
} from './mean-difference.ts';
export {
  asymptoticRadius,
  type MeanReading,
  type MeanSequence,
  meanSequence,
  type MeanSequenceOptions,
  observeMean,
  readMean,
} from './mean-sequence.ts';
export { observePaired, type Paired, paired, type PairedReading, type Pairs, readPaired } from './paired.ts';
export { compareQuantiles, type QuantileComparison, type QuantileComparisonOptions } from './quantile-comparison.ts';
export { quantileRanks, type Ranks } from './quantile-ranks.ts';
export { mergeQuantiles, observeQuantiles, type QuantileReading, type Quantiles, quantiles, readQuantile } from './quantile-sequence.ts';
export {
  type AttributedEvent,
  decideRampSafe,
  observeRampSafe,
  type RampSafe,
  rampSafe,
  type RampSafeDecision,
  type RampSafeOptions,
  type RampSafeReading,
  readRampSafe,
} from './ramp-safe.ts';
export {
  logSampleRatio,
  observeSampleRatio,
  readSampleRatio,
  type SampleRatio,
  sampleRatio,
  type SampleRatioOptions,
  type SampleRatioReading,
  withPlannedShares,
} from './sample-ratio.ts';
