export interface ProbabilityForecast {
  readonly actual: readonly string[];
  /** A row per actual label; its probabilities in the order of `labels`, summing to 1. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly string[];
}

/**
 * Mean of -ln p, p the probability that was given to the actual label; 0 is best. In nats. Null for no rows.
 * A probability below 2⁻⁵² counts as that, as in scikit-learn: one certain and wrong forecast costs 36, not everything.
 * Source: Good 1952. RangeError for a label that is not among `labels`, or rows that are no probabilities of them.
 */
export const logLoss = (forecast: ProbabilityForecast): number | null =>
  meanOver(forecast, (row, actual) => -Math.log(Math.max(Number.EPSILON, row[actual]!)));

/**
 * Mean of Σ (p - y)², y being 1 for the actual label and else 0; halved for two labels, so that it is (p - y)² of one of them.
 * 0 is best, the worst is 2 (with two labels 1). Without unit. Null for no rows.
 * Source: Brier 1950; halved as in scikit-learn ("auto"). Errors as `logLoss`.
 */
export const brier = (forecast: ProbabilityForecast): number | null =>
  meanOver(forecast, (row, actual) => row.reduce((sum, p, i) => sum + (p - (i === actual ? 1 : 0)) ** 2, 0) / (row.length === 2 ? 2 : 1));

const meanOver = (
  { actual, probabilities, labels }: ProbabilityForecast,
  loss: (row: readonly number[], actual: number) => number,
): number | null => {
  if (actual.length !== probabilities.length)
    throw new RangeError(`${actual.length} actual labels, but ${probabilities.length} rows of probabilities`);
  const position = new Map(labels.map((label, i) => [label, i]));
  if (position.size < labels.length) throw new RangeError('A label is listed twice');
  let sum = 0;
  for (const [i, row] of probabilities.entries()) {
    const column = position.get(actual[i]!);
    if (column === undefined) throw new RangeError(`Row ${i} has the label ${JSON.stringify(actual[i])}, which is not among the labels`);
    if (row.length !== labels.length || !areProbabilities(row))
      throw new RangeError(`Row ${i} does not hold ${labels.length} probabilities that sum to 1`);
    sum += loss(row, column);
  }
  return actual.length === 0 ? null : sum / actual.length;
};

/** They may come from 32-bit numbers, hence the tolerance. */
const areProbabilities = (row: readonly number[]): boolean =>
  row.every((p) => p >= 0 && p <= 1) && Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) <= 1e-4;
