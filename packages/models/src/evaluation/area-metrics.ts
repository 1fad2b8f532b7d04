import { averagePrecision, type Estimate, normalQuantile, notEstimable, placements, type Ranked, rocAucInterval } from '@boucle/statistics';
import { type Metric, metric, withError } from './metric.ts';

/** How well rows are ranked by one label's probability: the areas under the ROC and the precision-recall curve. */
export const areaMetrics = (ranked: Ranked, confidence: number, of?: string): Metric[] => [
  metric('roc_auc', rocAucInterval(ranked, confidence), of),
  metric('average_precision', averagePrecisionEstimate(ranked, confidence), of),
];

/**
 * The mean area under the ROC curves of each label against all others, over the labels that have one. A row moves it by the sum of what it
 * moves each area, its placement less the area over the share of its kind; the interval rests on the spread of these. Without unit.
 */
export const macroArea = (ranked: readonly Ranked[], confidence: number): Metric => {
  const method = 'mean ROC AUC over labels, delta method';
  const rows = ranked[0]?.positive.length ?? 0;
  const influence = new Float64Array(rows);
  const areas = ranked.flatMap((one) => {
    const placed = placements(one);
    if (placed === null) return [];
    const positives = one.positive.filter(Boolean).length;
    const area = placed.reduce((sum, placement, row) => sum + (one.positive[row] ? placement : 0), 0) / positives;
    for (const [row, yes] of one.positive.entries()) influence[row]! += (placed[row]! - area) / (yes ? positives : rows - positives);
    return [area];
  });
  if (areas.length === 0) return metric('roc_auc_macro', notEstimable(method, [rows], 'rows of one of the two kinds are missing'));
  const value = areas.reduce((a, b) => a + b, 0) / areas.length;
  const error = Math.sqrt(influence.reduce((sum, moved) => sum + moved * moved, 0)) / areas.length;
  const half = error < 1e-12 ? 0 : normalQuantile((1 + confidence) / 2) * error;
  return metric('roc_auc_macro', withError(value, { half, method, rows, confidence }));
};

/**
 * Average precision A with the logit interval: η ± z τ, η = ln(A/(1 - A)), τ = (P A (1 - A))^-½, carried back; P positives. Without unit.
 * Source: Boyd, Eng, Page 2013, section 3.2, who find it to hold its level where the bootstrap does not.
 */
const averagePrecisionEstimate = (ranked: Ranked, confidence: number): Estimate => {
  const method = 'average precision, logit interval';
  const value = averagePrecision(ranked);
  const positives = ranked.positive.filter(Boolean).length;
  if (value === null) return notEstimable(method, [positives], 'there are no positive rows');
  if (value === 1)
    return { value, interval: null, method, sizes: [positives], why: 'the kinds do not overlap, so their spread says nothing' };
  const centre = Math.log(value / (1 - value));
  const half = normalQuantile((1 + confidence) / 2) / Math.sqrt(positives * value * (1 - value));
  const back = (x: number): number => 1 / (1 + Math.exp(-x));
  return { value, interval: { low: back(centre - half), high: back(centre + half), confidence }, method, sizes: [positives] };
};
