/** How several labels share a row: each against the rest, or all in one problem. With two labels it is the same. */
export const multiclasses = ['one-vs-rest', 'softmax'] as const;
export type Multiclass = (typeof multiclasses)[number];

/** From what each vector of weights says of a row to probabilities in the order of the labels. */
export const probabilitiesOf = (sums: Float64Array, multiclass: Multiclass): number[] => {
  if (sums.length === 1) return [logistic(-sums[0]!), logistic(sums[0]!)];
  return multiclass === 'softmax' ? softmax(sums) : againstRest(sums);
};

/** A score per label, higher for likelier, as a calibration takes them. */
export const calibrationScores = (sums: Float64Array): number[] => (sums.length === 1 ? [-sums[0]!, sums[0]!] : Array.from(sums));

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** One against the rest, brought to a sum of 1 (Zadrozny and Elkan 2002; so do liblinear and scikit-learn). */
const againstRest = (sums: Float64Array): number[] => {
  const scores = Array.from(sums, logistic);
  const total = scores.reduce((a, b) => a + b, 0);
  // Each may round to 0 for a row that is far from all classes.
  return scores.map((score) => (total === 0 ? 1 / scores.length : score / total));
};

const softmax = (sums: Float64Array): number[] => {
  const most = sums.reduce((a, b) => Math.max(a, b));
  const scores = Array.from(sums, (sum) => Math.exp(sum - most));
  const total = scores.reduce((a, b) => a + b, 0);
  return scores.map((score) => score / total);
};
