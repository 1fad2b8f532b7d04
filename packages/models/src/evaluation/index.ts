export { compareClassifiers } from './compare-classifiers.ts';
export { type ClassifiedRows, type ClassifierEvaluation, evaluateClassifier } from './evaluate-classifier.ts';
export { evaluateRanking, evaluateRegression } from './evaluate-regression.ts';
export type { Metric } from './metric.ts';
export type { Cell, SliceColumns } from './slices/feature.ts';
export { textFeatures } from './slices/text-features.ts';
