import { type Predicted, rankingMetrics, type RankedList, regressionMetrics } from '@boucle/statistics';
import { type Metric, metric } from './metric.ts';
import type { SliceColumns } from './slices/feature.ts';
import { featuresOf } from './slices/features-of.ts';
import { findWeakSlices, type SliceOptions, type SliceSearch } from './slices/find-weak-slices.ts';

export interface RegressionEvaluation {
  readonly rows: number;
  readonly metrics: readonly Metric[];
  /** By squared errors, in the square of the values' unit. */
  readonly search: SliceSearch;
}

/** All that rows with known values say of a regression. Errors as `regressionMetrics` and `findWeakSlices`. */
export const evaluateRegression = (
  { actual, predicted }: Predicted,
  { columns = {}, confidence = 0.95, ...search }: SliceOptions & { readonly columns?: SliceColumns } = {},
): RegressionEvaluation => {
  const { rows, bias, mae, rmse, medianAbsoluteError, r2, mape, smape } = regressionMetrics({ actual, predicted }, confidence);
  const squared = Float64Array.from({ length: rows }, (_, row) => (predicted[row]! - actual[row]!) ** 2);
  return {
    rows,
    metrics: [
      metric('rmse', rmse),
      metric('mae', mae),
      metric('median_absolute_error', medianAbsoluteError),
      metric('r2', r2),
      metric('bias', bias),
      metric('mape', mape),
      metric('smape', smape),
    ],
    search: findWeakSlices(squared, featuresOf(columns), { ...search, confidence }),
  };
};

/** All that lists with known relevance say of a ranking. Errors as `rankingMetrics`. */
export const evaluateRanking = (lists: readonly RankedList[], { k = 10, confidence = 0.95 } = {}): readonly Metric[] => {
  const { ndcg, averagePrecision, reciprocalRank, precision, recall } = rankingMetrics(lists, { k, confidence });
  return [
    metric(`ndcg_at_${k}`, ndcg),
    metric(`precision_at_${k}`, precision),
    metric(`recall_at_${k}`, recall),
    metric('mean_average_precision', averagePrecision),
    metric('mean_reciprocal_rank', reciprocalRank),
  ];
};
