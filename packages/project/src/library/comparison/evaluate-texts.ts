import type { LearningPoint } from '@boucle/contract';
import { invalid } from '@boucle/contract';
import { evaluateClassifier, type Metric } from '@boucle/models';

type Measured = LearningPoint['quality'];
interface Judged {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  readonly labels: readonly string[];
  readonly by: string;
  /** The label that the metric is about, where it is about one. */
  readonly of: string;
  /** Slices are cut from these. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** The metric that is compared by, and accuracy on each slice of the rows. */
export const evaluateTexts = ({ by, of, columns = {}, ...rows }: Judged) => {
  const evaluated = evaluateClassifier(rows, { columns });
  const found = evaluated.metrics.find((one) => one.name === by && (one.of ?? '') === of);
  if (!found) {
    const known = evaluated.metrics.map((one) => (one.of === undefined ? one.name : `${one.name} of ${one.of}`));
    throw invalid(`There is no metric "${by}"${of && ` of "${of}"`}; there are ${known.join(', ')}`, 'unknown_metric');
  }
  const accuracyIn = (metrics: readonly Metric[]): Measured => measuredOf(metrics.find(({ name }) => name === 'accuracy')!);
  return {
    quality: measuredOf(found),
    accuracy: accuracyIn(evaluated.metrics),
    // A part that holds all rows tells nothing apart.
    slices: evaluated.slices
      .filter((slice) => slice.rows < evaluated.rows)
      .map(({ column, is, rows: count, metrics }) => ({ column, is, rows: count, accuracy: accuracyIn(metrics) })),
  };
};

const measuredOf = ({ value, interval }: Pick<Metric, 'value' | 'interval'>): Measured => ({
  value,
  interval: interval && [interval.low, interval.high],
});
