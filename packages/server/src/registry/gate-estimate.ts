import type { Evidence, Gate } from '@boucle/contract';
import { wilson } from '@boucle/statistics';
import { type JudgedRow, labelMetric, lossName, metricName } from './gate-metric.ts';
import { cellsOf, labelsOf, lossesOf, total } from './gate-rows.ts';
import { type Difference, fewestRows, jackknife, meanDifference } from './paired-difference.ts';

/** What is known of a version: what its evaluation reported, and what it said of each row. */
export interface Judged {
  readonly evidence: readonly Evidence[];
  /** Its labels, as far as they are known beside those that occur. */
  readonly labels?: readonly string[];
  readonly predictions?: readonly JudgedRow[];
}

export const alphaOf = ({ alpha }: Gate): number => alpha ?? 0.05;
/** Reported intervals are of 95 %: this much in each tail. */
const reportedAlpha = 0.025;

/** The metric with its bounds: as the evaluation reported it, or else from the rows. */
export const estimateOf = (gate: Gate, judged: Judged): Difference | null => reported(gate, judged) ?? measured(gate, judged);

export const evidenceFor = (gate: Gate, { evidence }: Judged): Evidence | undefined => {
  const name = metricName(gate.metric, gate.of);
  return evidence.find(({ metric }) => metric === name);
};
/** The evaluation's own interval, where it is as sure as the gate asks. */
const reported = (gate: Gate, candidate: Judged): Difference | null => {
  const found = evidenceFor(gate, candidate);
  if (!found?.interval || typeof found.value !== 'number' || alphaOf(gate) < reportedAlpha) return null;
  return { value: found.value, low: found.interval[0], high: found.interval[1] };
};

/** From the predictions, where labels decide the metric. */
const measured = (gate: Gate, { predictions = [], labels = [] }: Judged): Difference | null => {
  const name = metricName(gate.metric, gate.of);
  const alpha = alphaOf(gate);
  if (name === lossName) {
    const losses = lossesOf(predictions, labelsOf(labels, predictions).length);
    return losses && losses.length >= fewestRows ? meanDifference(losses, alpha) : null;
  }
  const metric = labelMetric(name, labelsOf(labels, predictions));
  if (!metric) return null;
  const cells = cellsOf(predictions);
  if (metric.kind === 'share') {
    const trials = total(cells.filter(({ actual, label }) => metric.counts(actual, label)));
    const hits = total(cells.filter(({ actual, label }) => metric.counts(actual, label) && metric.hits(actual, label)));
    const interval = wilson(hits, trials, 1 - 2 * alpha);
    return interval && { value: hits / trials, low: interval.low, high: interval.high };
  }
  const concerned = total(cells.filter(({ actual, label }) => metric.concerns(actual, label)));
  if (concerned < fewestRows) return null;
  return jackknife(
    cells.map(({ count }) => count),
    (counts) => metric.of(cells.map((cell, i) => ({ ...cell, count: counts[i]! }))),
    { alpha, concerned },
  );
};
