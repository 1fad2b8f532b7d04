export { type Estimate, notEstimable } from './estimate.ts';
export {
  type AverageMetrics,
  type ClassificationMetrics,
  type Classified,
  type ClassMetrics,
  classificationMetrics,
} from './classification-metrics.ts';
export { normalQuantile } from './normal-quantile.ts';
export { brier, logLoss, type ProbabilityForecast } from './probability-scores.ts';
export { type Interval, type Proportion, proportion, wilson } from './proportion.ts';
export { createRandom, type Random } from './random.ts';
export type { TestResult } from './result.ts';
export { averagePrecision, type Ranked, rocAuc } from './ranking-scores.ts';
export * from './models/index.ts';
export * from './sketches/index.ts';
export * from './sequential/index.ts';
export * from './streams/index.ts';
export * from './distances/index.ts';
export * from './multiplicity/index.ts';
export * from './special/index.ts';
export * from './tests/index.ts';
