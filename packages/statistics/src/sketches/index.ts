export { categoryCountsFrom, createCategoryCounts, type CategoryCounts, type CategoryForm, type CategorySummary } from './categories.ts';
export { createDistinctSketch, type DistinctForm, type DistinctSketch, distinctErrorOf, distinctSketchFrom } from './distinct.ts';
export { createFrequentSketch, type FrequentForm, type FrequentItem, type FrequentSketch, frequentSketchFrom } from './frequent.ts';
export { createMoments, type Moments, type MomentsForm, momentsFrom, type MomentsSummary } from './moments.ts';
export { createQuantileSketch, type QuantileSketch, quantileSketchFrom, rankErrorOf } from './quantiles.ts';
export type { QuantileForm } from './quantile-form.ts';
