import { type Estimate, notEstimable } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';

/**
 * Spearman's rho: the correlation of the midranks; from -1 to 1, without unit. The interval is tanh(artanh ρ ± z √((1 + ρ²/2)/(n - 3))).
 * Source: Spearman 1904; Bonett and Wright 2000 for the interval. No interval for fewer than four rows or a perfect order.
 * RangeError for unequal lengths, a value that is not finite, or a confidence outside 0 to 1.
 */
export const spearman = (x: ArrayLike<number>, y: ArrayLike<number>, confidence = 0.95): Estimate => {
  check(x, y, confidence);
  const [a, b] = [midranks(x), midranks(y)];
  const centre = (x.length + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xx += (a[i]! - centre) ** 2;
    yy += (b[i]! - centre) ** 2;
    xy += (a[i]! - centre) * (b[i]! - centre);
  }
  const value = xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
  return estimateOf(value, {
    method: "Spearman's rho",
    n: x.length,
    confidence,
    variance: (rho) => (1 + (rho * rho) / 2) / (x.length - 3),
  });
};

/**
 * Kendall's tau-b: (concordant - discordant pairs)/√(pairs not tied in x × pairs not tied in y); from -1 to 1, without unit.
 * The interval is tanh(artanh τ ± z √(0.437/(n - 4))). In n log n steps (Knight 1966).
 * Source: Kendall 1945; Fieller, Hartley, Pearson 1957 for the interval. No interval for fewer than five rows or a perfect order.
 * RangeError as `spearman`.
 */
export const kendall = (x: ArrayLike<number>, y: ArrayLike<number>, confidence = 0.95): Estimate => {
  check(x, y, confidence);
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || y[i]! - y[j]!);
  const pairs = (n * (n - 1)) / 2;
  const tiedX = tiedPairs(order, (i, j) => x[i] === x[j]);
  const tiedBoth = tiedPairs(order, (i, j) => x[i] === x[j] && y[i] === y[j]);
  const sorted = Float64Array.from(order, (i) => y[i]!);
  const discordant = sortCounting(sorted);
  const tiedY = tiedPairs(
    Uint32Array.from({ length: n }, (_, i) => i),
    (i, j) => sorted[i] === sorted[j],
  );
  const scale = Math.sqrt(pairs - tiedX) * Math.sqrt(pairs - tiedY);
  const value = scale > 0 ? (pairs - tiedX - tiedY + tiedBoth - 2 * discordant) / scale : null;
  return estimateOf(value, { method: "Kendall's tau-b", n, confidence, variance: () => 0.437 / (n - 4) });
};

const estimateOf = (
  found: number | null,
  { method, n, confidence, variance }: { method: string; n: number; confidence: number; variance: (value: number) => number },
): Estimate => {
  if (n < 2) return notEstimable(method, [n], 'it takes two rows or more');
  if (found === null) return notEstimable(method, [n], 'all values of one side are equal');
  const value = Math.max(-1, Math.min(1, found));
  const without = (why: string): Estimate => ({ value, interval: null, method, sizes: [n], why });
  if (Math.abs(value) > 1 - 1e-12) return without('the order is perfect, so its spread says nothing');
  const spread = variance(value);
  if (!(spread > 0 && spread < Infinity)) return without('there are too few rows for an interval');
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(spread);
  return {
    value,
    interval: { low: Math.tanh(Math.atanh(value) - half), high: Math.tanh(Math.atanh(value) + half), confidence },
    method,
    sizes: [n],
  };
};

const midranks = (values: ArrayLike<number>): Float64Array => {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
};

/** Pairs within runs of neighbours that are alike. */
const tiedPairs = (order: Uint32Array, isTied: (i: number, j: number) => boolean): number => {
  let [pairs, run] = [0, 0];
  for (let k = 1; k < order.length; k++) {
    run = isTied(order[k]!, order[k - 1]!) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
};

/** Sorts by merging, in place, and counts the pairs that stood in the wrong order. */
const sortCounting = (values: Float64Array): number => {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const [left, right] = [values.slice(0, middle), values.slice(middle)];
  let swapped = sortCounting(left) + sortCounting(right);
  let [i, j] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const isLeft = j === right.length || (i < left.length && left[i]! <= right[j]!);
    if (!isLeft) swapped += left.length - i;
    values[at] = isLeft ? left[i++]! : right[j++]!;
  }
  return swapped;
};

const check = (x: ArrayLike<number>, y: ArrayLike<number>, confidence: number): void => {
  if (x.length !== y.length) throw new RangeError(`${x.length} values on one side, ${y.length} on the other; give pairs`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) throw new RangeError(`Row ${i} holds a value that is not a finite number`);
  }
};
