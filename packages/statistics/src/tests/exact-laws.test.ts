import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Tested, TestResult } from '../result.ts';
import { andersonDarling } from './anderson-darling.ts';
import { chiSquareTest } from './chi-square-test.ts';
import { cramerVonMises } from './cramer-von-mises.ts';
import { fisherExact } from './fisher-exact.ts';
import { kolmogorovSmirnov, latticeSurvival } from './kolmogorov-smirnov.ts';
import { firstU, mannWhitney } from './mann-whitney.ts';
import { permutationTest } from './permutation.ts';
import { pool } from './pool.ts';
import { twoCounts } from './two-counts.ts';

const carriedOut = (result: TestResult): Tested => {
  assert.ok(result.testable);
  return result;
};
const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`);

/** Few values, so that most pairs of samples have ties. */
const sample = (most: number): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 5 });
const pair = fc
  .oneof(fc.tuple(sample(4), sample(4)), fc.tuple(sample(1000), sample(1000)))
  .filter(([x, y]) => new Set([...x, ...y]).size > 1);

/** The share of all ways to deal the values to samples of these sizes in which `isExtreme`. */
const overAllSplits = ([x, y]: readonly [number[], number[]], isExtreme: (first: number[], second: number[]) => boolean): number => {
  const all = [...x, ...y];
  let [extreme, splits] = [0, 0];
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    const first = all.filter((_, i) => (mask >> i) & 1);
    if (first.length !== x.length) continue;
    splits++;
    if (
      isExtreme(
        first,
        all.filter((_, i) => !((mask >> i) & 1)),
      )
    )
      extreme++;
  }
  return extreme / splits;
};

for (const { name, run } of [
  { name: 'Kolmogorov and Smirnov', run: (x: number[], y: number[]) => kolmogorovSmirnov(x, y) },
  { name: 'Cramér and von Mises', run: (x: number[], y: number[]) => cramerVonMises(x, y) },
]) {
  test(`the exact p of ${name} is the share of all splits that are at least as far apart, ties or not`, () => {
    fc.assert(
      fc.property(pair, ([x, y]) => {
        const { statistic, pValue } = carriedOut(run(x, y));
        const share = overAllSplits([x, y], (first, second) => carriedOut(run(first, second)).statistic >= statistic - 1e-9);
        near(pValue, share);
      }),
      { numRuns: 40 },
    );
  });
}

test('the exact p of Mann and Whitney is the share of all splits that are at least as far out, ties or not', () => {
  fc.assert(
    fc.property(pair, ([x, y]) => {
      const centre = (x.length * y.length) / 2;
      const { statistic } = carriedOut(mannWhitney(x, y));
      const u = (first: number[], second: number[]): number => firstU(pool([first, second]));
      const p = (alternative: 'two-sided' | 'less' | 'greater'): number => carriedOut(mannWhitney(x, y, { alternative })).pValue;
      near(
        p('less'),
        overAllSplits([x, y], (first, second) => u(first, second) <= statistic),
      );
      near(
        p('greater'),
        overAllSplits([x, y], (first, second) => u(first, second) >= statistic),
      );
      near(
        p('two-sided'),
        overAllSplits([x, y], (first, second) => Math.abs(u(first, second) - centre) >= Math.abs(statistic - centre)),
      );
    }),
    { numRuns: 60 },
  );
});

test('random exchanges come close to the share of all splits', () => {
  const [x, y] = [
    [1, 4, 6, 9, 12],
    [2, 8, 13, 15, 20],
  ];
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.abs(mean(a) - mean(b));
  const observed = distance(x!, y!);
  const share = overAllSplits([x!, y!], (a, b) => distance(a, b) >= observed - 1e-9);
  const drawn = carriedOut(permutationTest([x!, y!], distance, { draws: 9999, seed: 5 }));
  assert.ok(Math.abs(drawn.pValue - share) < 4 * Math.sqrt((share * (1 - share)) / 9999));
  assert.equal(drawn.method, 'permutation, 9999 draws, seed 5');
  const statistic = carriedOut(andersonDarling([x!, y!])).statistic;
  const andersonShare = overAllSplits([x!, y!], (a, b) => carriedOut(andersonDarling([a, b])).statistic >= statistic - 1e-9);
  const andersonP = carriedOut(andersonDarling([x!, y!], { draws: 9999, seed: 6 })).pValue;
  assert.ok(Math.abs(andersonP - andersonShare) < 4 * Math.sqrt((andersonShare * (1 - andersonShare)) / 9999));
});

const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
const count = fc.integer({ min: 0, max: 12 });
const twoByTwo = fc.tuple(count, count, count, count).filter(([a, b, c, d]) => a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0);

test("Fisher's p is the sum over all tables with the same margins that are no more probable", () => {
  fc.assert(
    fc.property(twoByTwo, ([a, b, c, d]) => {
      const weight = (k: number): number => choose(a + b, k) * choose(c + d, a + c - k);
      const all = Array.from({ length: a + c + 1 }, (_, k) => weight(k));
      const sum = (weights: number[]): number => weights.reduce((total, value) => total + value, 0);
      const { pValue } = carriedOut(fisherExact([a, b], [c, d]));
      near(pValue, sum(all.filter((value) => value <= weight(a) * (1 + 1e-9))) / sum(all), 1e-11);
      near(pValue, carriedOut(fisherExact([d, c], [b, a])).pValue, 1e-11);
    }),
  );
});

test('the permutation p of chi-square comes close to the sum over all tables', () => {
  const [a, b] = [
    [1, 5],
    [4, 3],
  ] as const;
  const observed = carriedOut(chiSquareTest(a, b, { draws: 9999 }));
  assert.match(observed.method, /9999 permutations, seed 0/);
  let p = 0;
  for (let k = 0; k <= 5; k++) {
    const { statistic } = carriedOut(chiSquareTest([k, 6 - k], [5 - k, 2 + k], { law: 'limit' }));
    if (statistic >= observed.statistic - 1e-9) p += (choose(6, k) * choose(7, 5 - k)) / choose(13, 5);
  }
  assert.ok(Math.abs(observed.pValue - p) < 4 * Math.sqrt((p * (1 - p)) / 9999), `${observed.pValue} is not ${p}`);
  assert.deepEqual(twoCounts([1, 0], [2, 0]).first, [1]);
});

test('for equal sizes the lattice agrees with the closed form of Gnedenko and Korolyuk', () => {
  // p = 2 Σ (-1)ʲ⁻¹ C(2n, n - jh)/C(2n, n) for D = h/n.
  const n = 60;
  for (const h of [5, 12, 30, 59]) {
    let sum = 0;
    for (let j = 1; j * h <= n; j++) sum += (j % 2 === 1 ? 2 : -2) * (choose(2 * n, n - j * h) / choose(2 * n, n));
    near(latticeSurvival({ n, m: n, distance: h * n }), sum, 1e-10);
  }
});

test('exact and limit laws meet where samples are large', () => {
  const x = Array.from({ length: 800 }, (_, i) => i);
  const y = Array.from({ length: 900 }, (_, i) => i * 0.88 + 45.3);
  const [exact, limit] = [carriedOut(kolmogorovSmirnov(x, y, { law: 'exact' })), carriedOut(kolmogorovSmirnov(x, y, { law: 'limit' }))];
  assert.ok(exact.pValue < limit.pValue && limit.pValue < exact.pValue * 1.1 + 0.01, `${exact.pValue} ${limit.pValue}`);
  const [few, many] = [Array.from({ length: 25 }, (_, i) => i), Array.from({ length: 30 }, (_, i) => i * 0.7 + 3.3)];
  const ranks = (law: 'exact' | 'normal'): number => carriedOut(mannWhitney(few, many, { law })).pValue;
  assert.ok(Math.abs(ranks('exact') - ranks('normal')) < 0.005);
  const mises = (law: 'exact' | 'limit'): number => carriedOut(cramerVonMises(few.slice(0, 12), many.slice(0, 12), { law })).pValue;
  assert.ok(Math.abs(mises('exact') - mises('limit')) < 0.02);
});
