export {
  type AverageMetrics,
  type ClassificationMetrics,
  type Classified,
  type ClassMetrics,
  classificationMetrics,
} from './classification-metrics.ts';
export { normalQuantile } from './normal-quantile.ts';
export { type Interval, type Proportion, proportion, wilson } from './proportion.ts';
