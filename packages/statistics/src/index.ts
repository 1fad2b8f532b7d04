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
export { averagePrecision, type Ranked, rocAuc } from './ranking-scores.ts';
