import type { WindowEstimate, WindowPerformance } from '@boucle/contract';
import { estimateBinaryPerformance, type Estimate, proportion } from '@boucle/statistics';
import { type PartForm, probabilitySteps } from '../columns/part-counts.ts';
import { confusionOf, metricsOf, rowsIn } from './label-metrics.ts';
import { isSamePart, type LabelCounts, type References, whoseOf } from './window-facts.ts';

/** How well each part did, as far as labels came for it. */
export const judgePerformance = (parts: readonly PartForm[], labels: readonly LabelCounts[]): WindowPerformance[] =>
  labels
    .filter(({ pairs }) => pairs.length > 0)
    .map((counts) => {
      const labelled = rowsIn(counts.pairs);
      return {
        ...whoseOf(counts),
        rows: Math.max(labelled, parts.find((part) => isSamePart(part, counts))?.rows ?? 0),
        labelled,
        metrics: metricsOf(counts.pairs, proportion),
        confusion: confusionOf(counts.pairs),
      };
    });

interface Wanted {
  readonly metric: 'accuracy' | 'recall' | 'precision' | 'f1';
  readonly of: string | null;
}

/**
 * How well each variant is expected to do, from what it said of its own confidence, calibrated on the evaluation's rows; and, where
 * labels came, whether they agree. Right only as long as the same inputs still mean the same: labels tell when they do not.
 */
export const estimateWithoutLabels = (
  parts: readonly PartForm[],
  references: References,
  performance: readonly WindowPerformance[],
): WindowEstimate[] =>
  parts
    .filter(({ slice }) => slice === null)
    .flatMap((part) => {
      const reference = references[part.modelVersionId ?? ''];
      const scored = Object.entries(part.scored);
      const rows = scored.reduce((sum, [, steps]) => sum + steps.reduce((a, b) => a + b, 0), 0);
      if (!reference?.calibration || rows === 0) return [];
      const labels = reference.labels.length === 2 ? reference.labels : [];
      const wanted: Wanted[] = [
        { metric: 'accuracy', of: null },
        ...labels.flatMap((of) => (['recall', 'precision', 'f1'] as const).map((metric) => ({ metric, of }))),
      ];
      const known = performance.find((one) => isSamePart(one, part));
      return wanted.map((one) => scoredEstimate(part, { ...one, rows, estimate: estimateOf(scored, one) }, known));
    });

type Scored = readonly (readonly [string, readonly number[]])[];
/** Of each label's point of view a row is right with the probability of its own label; of the other label with the rest. */
const estimateOf = (scored: Scored, { metric, of }: Wanted): Estimate => {
  const probabilities: number[] = [];
  const predicted: boolean[] = [];
  for (const [label, steps] of scored) {
    const isSaid = of === null || label === of;
    for (const [step, count] of steps.entries()) {
      const right = step / probabilitySteps;
      for (let i = 0; i < count; i++) {
        probabilities.push(isSaid ? right : 1 - right);
        predicted.push(isSaid);
      }
    }
  }
  // Being right is what is positive where no label is asked for: accuracy.
  const { precision, recall, f1 } = estimateBinaryPerformance({ probabilities, predicted });
  return metric === 'recall' ? recall : metric === 'f1' ? f1 : precision;
};

const scoredEstimate = (
  part: PartForm,
  { metric, of, rows, estimate }: Wanted & { rows: number; estimate: Estimate },
  known: WindowPerformance | undefined,
): WindowEstimate => {
  const truth = known?.metrics.find((one) => one.metric === metric && one.of === of);
  const actual = known && truth ? { value: truth.value, interval: truth.interval, labelled: known.labelled } : null;
  const [band, seen] = [estimate.interval, actual?.interval];
  return {
    ...whoseOf(part),
    rows,
    metric,
    of,
    value: estimate.value,
    interval: band && [band.low, band.high],
    method: estimate.method,
    why: estimate.why ?? null,
    actual,
    // Few labels have a wide interval of their own: only where both ranges part is the estimate refuted.
    heldUp: band && seen ? band.low <= seen[1] && seen[0] <= band.high : null,
  };
};
