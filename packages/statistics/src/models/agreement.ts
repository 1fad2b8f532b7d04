import { type Estimate, notEstimable } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';

export interface Confusion {
  readonly labels: readonly string[];
  /** `counts[i][j]`: rows of label i that were said to be label j. */
  readonly counts: readonly (readonly number[])[];
}

/** Agreement of predictions with the truth, beyond accuracy; 1 is perfect. Balanced accuracy is at least 0, the others at least -1. */
export interface Agreement {
  readonly balancedAccuracy: Estimate;
  readonly matthews: Estimate;
  readonly kappa: Estimate;
}

/**
 * From a confusion matrix, with n rows, actual totals aᵢ, predicted totals pᵢ and c rows right:
 * balanced accuracy, the mean recall of the labels that occur, ± z √Σ rᵢ(1 - rᵢ)/aᵢ / labels (Brodersen, Ong, Stephan, Buhmann 2010);
 * Matthews' correlation (cn - Σ aᵢpᵢ)/√((n² - Σ pᵢ²)(n² - Σ aᵢ²)) (Gorodkin 2004), 0 is chance, its interval is left to `bootstrap`;
 * Cohen's kappa (po - pe)/(1 - pe), po = c/n, pe = Σ aᵢpᵢ/n², 0 is chance, with the interval of Fleiss, Cohen, Everitt 1969, equation 13.
 * Without unit. RangeError for counts that are not square, whole and not negative, or a confidence outside 0 to 1.
 */
export const agreement = ({ labels, counts }: Confusion, confidence = 0.95): Agreement => {
  check({ labels, counts }, confidence);
  const actual = counts.map(sum);
  const predicted = labels.map((_, j) => sum(counts.map((row) => row[j]!)));
  const right = labels.map((_, i) => counts[i]![i]!);
  const table: Table = { counts, actual, predicted, right, n: sum(actual), z: normalQuantile((1 + confidence) / 2), confidence };
  return { balancedAccuracy: balanced(table), matthews: matthews(table), kappa: kappa(table) };
};

interface Table {
  readonly counts: readonly (readonly number[])[];
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
  readonly right: readonly number[];
  readonly n: number;
  readonly z: number;
  readonly confidence: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const balanced = ({ actual, right, n, z, confidence }: Table): Estimate => {
  const method = 'balanced accuracy';
  const recalls = actual.flatMap((rows, i) => (rows === 0 ? [] : [{ rows, recall: right[i]! / rows }]));
  if (recalls.length === 0) return notEstimable(method, [n], 'there are no rows');
  const value = sum(recalls.map(({ recall }) => recall)) / recalls.length;
  const half = (z * Math.sqrt(sum(recalls.map(({ rows, recall }) => (recall * (1 - recall)) / rows)))) / recalls.length;
  if (half === 0) return { value, interval: null, method, sizes: [n], why: 'every recall is 0 or 1; their own Wilson intervals say more' };
  return { value, interval: { low: Math.max(0, value - half), high: Math.min(1, value + half), confidence }, method, sizes: [n] };
};

const matthews = ({ actual, predicted, right, n }: Table): Estimate => {
  const method = 'Matthews correlation';
  const crossed = sum(actual.map((a, i) => a * predicted[i]!));
  const spread = Math.sqrt(n * n - sum(predicted.map((p) => p * p))) * Math.sqrt(n * n - sum(actual.map((a) => a * a)));
  if (!(spread > 0)) return notEstimable(method, [n], 'all rows are of one label, or are said to be');
  const value = Math.max(-1, Math.min(1, (sum(right) * n - crossed) / spread));
  return { value, interval: null, method, sizes: [n], why: 'it has no simple interval; use bootstrap' };
};

const kappa = ({ counts, actual, predicted, right, n, z, confidence }: Table): Estimate => {
  const method = "Cohen's kappa";
  if (n === 0) return notEstimable(method, [0], 'there are no rows');
  const seen = sum(right) / n;
  const a = actual.map((rows) => rows / n);
  const p = predicted.map((rows) => rows / n);
  const chance = sum(a.map((share, i) => share * p[i]!));
  if (1 - chance < 1e-15) return notEstimable(method, [n], 'all rows are of one label, and said to be');
  const value = (seen - chance) / (1 - chance);
  const lost = 1 - value;
  const diagonal = sum(right.map((rows, i) => (rows / n) * (1 - (a[i]! + p[i]!) * lost) ** 2));
  const beside = sum(counts.map((row, i) => sum(row.map((rows, j) => (i === j ? 0 : (rows / n) * (p[i]! + a[j]!) ** 2)))));
  const variance = (diagonal + lost ** 2 * beside - (value - chance * lost) ** 2) / (n * (1 - chance) ** 2);
  if (!(variance > 1e-18)) return { value, interval: null, method, sizes: [n], why: 'the counts show no spread' };
  const half = z * Math.sqrt(variance);
  return { value, interval: { low: Math.max(-1, value - half), high: Math.min(1, value + half), confidence }, method, sizes: [n] };
};

const check = ({ labels, counts }: Confusion, confidence: number): void => {
  const isTable =
    labels.length > 0 &&
    counts.length === labels.length &&
    counts.every((row) => row.length === labels.length && row.every((n) => Number.isSafeInteger(n) && n >= 0));
  if (!isTable) throw new RangeError('A confusion matrix has a row and a column of whole counts for each label');
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
};
