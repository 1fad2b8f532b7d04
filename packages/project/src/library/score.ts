import { invalid } from '@boucle/contract';
import { judge } from './judge.ts';

interface Scored {
  readonly actual: readonly string[];
  /** What the model said, in its own columns. */
  readonly said: { readonly label: readonly string[]; readonly probabilities: readonly (readonly number[])[] };
  readonly labels: readonly string[];
  readonly by: string;
  /** The label that the metric is about, where it is about one. */
  readonly of: string;
}

/** The value of one metric, and the same turned so that higher is better. */
export const scoreBy = ({ actual, said, labels, by, of }: Scored): { value: number; score: number } => {
  const { metrics } = judge({ actual, predicted: said.label, probabilities: said.probabilities, labels, positive: of });
  const value = metrics[of ? `${by}_${of}` : by] ?? metrics[by];
  if (value === undefined) {
    throw invalid(
      `There is no metric "${by}"${of && ` of "${of}"`} on these rows; there are ${Object.keys(metrics).join(', ')}`,
      'unknown_metric',
    );
  }
  return { value, score: lowerIsBetter.has(by) ? -value : value };
};

const lowerIsBetter = new Set(['log_loss', 'brier']);
