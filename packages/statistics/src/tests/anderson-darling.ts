import { createRandom } from '../random.ts';
import { notTestable, type TestResult } from '../result.ts';
import { type Pool, pool, type Sample, withoutMeaning } from './pool.ts';
import { requireDraws, tested } from './tested.ts';

export interface AndersonDarlingOptions {
  /** Take p from so many random exchanges of the samples' values instead of the table. */
  readonly draws?: number | undefined;
  /** Of these exchanges; 0 unless said. */
  readonly seed?: number | undefined;
}

/**
 * The test of Anderson and Darling that k samples have one law, in its midrank form: the statistic is T = (A² - (k-1))/σ.
 * Source: Scholz and Stephens 1987, J. Am. Stat. Assoc. 82, equations 4 and 7, table 1.
 * p is read from the table by a parabola through ln p and lies within [0.001, 0.25]; with `draws` it is (1 + #{T* ≥ T})/(draws + 1).
 * Not testable: an empty sample, one single value, fewer than four values. RangeError for values that are not finite, fewer than two samples.
 */
export const andersonDarling = (samples: readonly Sample[], { draws, seed = 0 }: AndersonDarlingOptions = {}): TestResult => {
  if (samples.length < 2) throw new RangeError(`Two samples or more are compared, not ${samples.length}`);
  if (draws !== undefined) requireDraws(draws);
  const all = pool(samples);
  const method = `anderson-darling, ${draws === undefined ? 'table' : `${draws} permutations, seed ${seed}`}`;
  const total = all.sizes.reduce((sum, size) => sum + size, 0);
  const why = withoutMeaning(all) ?? (total < 4 ? 'there are fewer than four values' : undefined);
  if (why !== undefined) return notTestable(method, all.sizes, why);
  const a2 = andersonDarlingStatistic(all);
  const statistic = (a2 - (samples.length - 1)) / Math.sqrt(nullVariance(all.sizes));
  const pValue = draws === undefined ? tableP(statistic, samples.length - 1) : permutationP(all, a2, { draws, seed });
  return tested({ method, sizes: all.sizes, statistic, pValue });
};

/** A² with midranks, equation 7. */
export const andersonDarlingStatistic = ({ sizes, values, counts }: Pool): number => {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const below = sizes.map(() => 0);
  let allBelow = 0;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    let tied = 0;
    for (const count of counts) tied += count[at]!;
    const rank = allBelow + tied / 2;
    let squares = 0;
    for (let s = 0; s < sizes.length; s++) {
      squares += (total * (below[s]! + counts[s]![at]! / 2) - sizes[s]! * rank) ** 2 / sizes[s]!;
      below[s]! += counts[s]![at]!;
    }
    sum += ((tied / total) * squares) / (rank * (total - rank) - (total * tied) / 4);
    allBelow += tied;
  }
  return ((total - 1) / total) * sum;
};

/** The variance of A² without drift, equation 4. */
const nullVariance = (sizes: readonly number[]): number => {
  const k = sizes.length;
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const inverses = sizes.reduce((sum, size) => sum + 1 / size, 0);
  let h = 0;
  let g = 0;
  // h is Σ 1/j over j = 1..n-1; g is Σ 1/((n-i)j) over 1 ≤ i < j < n, collected from the last j down.
  for (let j = n - 1; j >= 1; j--) {
    if (j <= n - 2) g += h / (n - j);
    h += 1 / j;
  }
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverses;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverses - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverses + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (a * n ** 3 + b * n ** 2 + c * n + d) / ((n - 1) * (n - 2) * (n - 3));
};

/** Critical values are b₀ + b₁/√m + b₂/m with m = k - 1. */
const table = [
  { p: 0.25, b: [0.675, -0.245, -0.105] },
  { p: 0.1, b: [1.281, 0.25, -0.305] },
  { p: 0.05, b: [1.645, 0.678, -0.362] },
  { p: 0.025, b: [1.96, 1.149, -0.391] },
  { p: 0.01, b: [2.326, 1.822, -0.396] },
  { p: 0.005, b: [2.573, 2.364, -0.345] },
  { p: 0.001, b: [3.085, 3.615, -0.154] },
] as const;

const tableP = (statistic: number, m: number): number => {
  const critical = table.map(({ b }) => b[0] + b[1] / Math.sqrt(m) + b[2] / m);
  const parabola = fitParabola(
    critical,
    table.map(({ p }) => Math.log(p)),
  );
  // Outside the table the parabola would turn round.
  if (statistic <= critical[0]!) return 0.25;
  if (statistic >= critical[critical.length - 1]!) return 0.001;
  return Math.min(0.25, Math.max(0.001, Math.exp(parabola(statistic))));
};

/** Least squares by polynomials that are orthogonal over the points. */
const fitParabola = (xs: readonly number[], ys: readonly number[]): ((x: number) => number) => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = mean(xs);
  const linear = (x: number): number => x - centre;
  const spread = mean(xs.map((x) => linear(x) ** 2));
  const skew = mean(xs.map((x) => linear(x) ** 3)) / spread;
  const square = (x: number): number => linear(x) ** 2 - skew * linear(x) - spread;
  const slope = mean(xs.map((x, i) => linear(x) * ys[i]!)) / spread;
  const bend = mean(xs.map((x, i) => square(x) * ys[i]!)) / mean(xs.map((x) => square(x) ** 2));
  return (x) => mean(ys) + slope * linear(x) + bend * square(x);
};

const permutationP = (all: Pool, a2: number, { draws, seed }: { draws: number; seed: number }): number => {
  const random = createRandom(seed);
  const labels = Uint32Array.from(all.sizes.flatMap((size, s) => Array.from({ length: size }, () => s)));
  const tied = all.counts.reduce((sum, counts) => sum.map((value, at) => value + counts[at]!), new Int32Array(all.values.length));
  const counts = all.sizes.map(() => new Int32Array(all.values.length));
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    random.shuffle(labels);
    for (const count of counts) count.fill(0);
    for (let at = 0, next = 0; at < tied.length; at++) {
      for (const end = next + tied[at]!; next < end; next++) counts[labels[next]!]![at]!++;
    }
    // The same arrangement summed in another order is not to fall below itself.
    if (andersonDarlingStatistic({ ...all, counts }) >= a2 * (1 - 1e-12)) extreme++;
  }
  return (1 + extreme) / (draws + 1);
};
