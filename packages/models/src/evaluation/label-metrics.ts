import { type ClassMetrics, type Estimate, notEstimable, wilson } from '@boucle/statistics';
import { type Metric, metric, shareEstimate } from './metric.ts';

/** Precision, recall and F1 of each label. */
export const labelMetrics = (classes: readonly ClassMetrics[], confidence: number): Metric[] =>
  classes.flatMap((one) => [
    metric('precision', shareEstimate(one.precision), one.label),
    metric('recall', shareEstimate(one.recall), one.label),
    metric('f1', f1Estimate(one, confidence), one.label),
  ]);

/**
 * F1 = 2J/(1 + J) rises with Jaccard's index J, the share of hits among the rows that are of the label or are said to be. J is a share of
 * trials, so Wilson's interval for it, carried over, is one for F1. Without unit.
 */
const f1Estimate = ({ support, predicted, recall: { successes: hits } }: ClassMetrics, confidence: number): Estimate => {
  const method = 'F1, Wilson for the share of hits';
  const concerned = support + predicted - hits;
  const interval = wilson(hits, concerned, confidence);
  if (interval === null) return notEstimable(method, [0], 'the label neither occurs nor is predicted');
  const f1 = (share: number): number => (2 * share) / (1 + share);
  return {
    value: (2 * hits) / (support + predicted),
    interval: { low: f1(interval.low), high: f1(interval.high), confidence },
    method,
    sizes: [concerned],
  };
};
