/** One row whose label is known, and what a version said of it. */
export interface JudgedRow {
  /** Its identity, by which two versions are compared on the same rows. */
  readonly row: string;
  readonly actual: string;
  readonly label: string;
  /** The probability that was given to `label`. */
  readonly score: number | null;
}
/** So many rows of this label, of which this was said. */
export interface Cell {
  readonly actual: string;
  readonly label: string;
  readonly count: number;
}
/** A metric that labels alone decide. Null where it has no meaning. */
export type LabelMetric =
  | {
      readonly kind: 'share';
      readonly counts: (actual: string, label: string) => boolean;
      readonly hits: (actual: string, label: string) => boolean;
    }
  | {
      readonly kind: 'score';
      readonly of: (cells: readonly Cell[]) => number | null;
      readonly concerns: (actual: string, label: string) => boolean;
    };

export const lossName = 'log_loss';

/** The name under which an evaluation reports it: `recall` of `late again` is `recall_late again`. */
export const metricName = (metric: string, of: string | undefined): string =>
  of === undefined ? metric : `${metric}_${of.replaceAll(/[^\w. -]/g, '_')}`;

/** The metric of a name, as far as it can be computed from labels again. */
export const labelMetric = (name: string, labels: readonly string[]): LabelMetric | undefined => {
  const right = (actual: string, label: string): boolean => actual === label;
  if (name === 'accuracy') return { kind: 'share', counts: () => true, hits: right };
  if (name === 'f1_macro') return { kind: 'score', of: macroF1, concerns: () => true };
  for (const one of labels) {
    if (name === metricName('recall', one)) return { kind: 'share', counts: (actual) => actual === one, hits: right };
    if (name === metricName('precision', one)) return { kind: 'share', counts: (_, label) => label === one, hits: right };
    if (name === metricName('f1', one))
      return { kind: 'score', of: (cells) => f1(cells, one), concerns: (actual, label) => actual === one || label === one };
  }
  return undefined;
};

const f1 = (cells: readonly Cell[], of: string): number | null => {
  let [hits, concerned] = [0, 0];
  for (const { actual, label, count } of cells) {
    if (actual === of && label === of) hits += count;
    concerned += (actual === of ? count : 0) + (label === of ? count : 0);
  }
  return concerned === 0 ? null : (2 * hits) / concerned;
};

/** The mean over labels that occur or were said. */
const macroF1 = (cells: readonly Cell[]): number | null => {
  const labels = [...new Set(cells.flatMap(({ actual, label, count }) => (count > 0 ? [actual, label] : [])))];
  return labels.length === 0 ? null : labels.reduce((sum, label) => sum + (f1(cells, label) ?? 0), 0) / labels.length;
};

/** −ln of what was given to the actual label. Of a wrong one of several the table does not say it: null. */
export const rowLoss = ({ actual, label, score }: JudgedRow, labels: number): number | null => {
  if (score === null) return null;
  if (actual !== label && labels !== 2) return null;
  return -Math.log(Math.max(Number.EPSILON, actual === label ? score : 1 - score));
};
