import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tested, TestResult } from '../result.ts';
import { chiSquareQuantile, chiSquareSurvival } from '../special/chi-square.ts';
import { andersonDarling, andersonDarlingStatistic } from '../tests/anderson-darling.ts';
import { chiSquareTest, gTest } from '../tests/chi-square-test.ts';
import { cramerVonMises } from '../tests/cramer-von-mises.ts';
import { eppsSingleton } from '../tests/epps-singleton.ts';
import { fisherExact } from '../tests/fisher-exact.ts';
import { goodnessOfFit } from '../tests/goodness-of-fit.ts';
import { hodgesLehmann } from '../tests/hodges-lehmann.ts';
import { kolmogorovSmirnov, latticeSurvival } from '../tests/kolmogorov-smirnov.ts';
import { mannWhitney } from '../tests/mann-whitney.ts';
import { pool } from '../tests/pool.ts';
import { tTest } from '../tests/t-test.ts';
import { twoProportions } from '../tests/two-proportions.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { countPairs, near, normalOrder, numberPairs } from './samples.ts';
import { aVersusB, driftScores, falseAlarms, inputs, kayenta, suite, twoSampleTests } from './two-sample.ts';

const carriedOut = (result: TestResult): Tested => {
  assert.ok(result.testable);
  return result;
};
const pOf = (result: TestResult): number => carriedOut(result).pValue;

for (const name of ['aVsB', 'diceAsNumbers', 'CShift', 'CSame', 'D'] as const) {
  test(`the tests of numbers have their golden values on ${name}`, () => {
    const [x, y] = numberPairs[name];
    const golden = driftScores[name];
    // The golden p takes ties for different values; where there are none it is ours.
    const { statistic, pValue } = carriedOut(kolmogorovSmirnov(x, y));
    const [n, m] = [x.length, y.length];
    near(latticeSurvival({ n, m, distance: Math.round(statistic * n * m) }), golden.ks);
    if (name !== 'diceAsNumbers') near(pValue, golden.ks);
    near(pOf(andersonDarling([x, y])), golden.anderson);
    near(pOf(eppsSingleton(x, y)), golden.es);
    near(pOf(mannWhitney(x, y, { alternative: 'less' })), golden.mannw);
    near(pOf(tTest(x, y, { variances: 'equal' })), golden.tTest);
    const mises = carriedOut(cramerVonMises(x, y));
    if (name === 'aVsB') near(mises.pValue, golden.cramerVonMises);
    else assert.ok(Math.abs(truncatedMisesP(mises) - golden.cramerVonMises) <= 1e-9 * golden.cramerVonMises + 4e-16);
  });
}

/**
 * The golden p of Cramér and von Mises sums the limit law's series in Bessel functions only down to terms of 10⁻⁷.
 * Repeated here, to the last digit of 1; the whole series must agree with our tail.
 */
const truncatedMisesP = ({ statistic, pValue, sizes: [n, m] }: Tested): number => {
  const total = n! + m!;
  const variance = ((total + 1) * (4 * n! * m! * total - 3 * (n! ** 2 + m! ** 2) - 2 * n! * m!)) / (45 * total * total * 4 * n! * m!);
  const x = 1 / 6 + (statistic - (1 + 1 / total) / 6) / Math.sqrt(45 * variance);
  if (x < 0.003) return 1;
  const seriesDownTo = (least: number): number => {
    let sum = 0;
    let ratio = Math.sqrt(Math.PI);
    for (let k = 0; ; k++) {
      const u = 4 * k + 1;
      const z = (u * u) / (16 * x);
      // Γ(k + ½)/k! by recurrence.
      if (k > 0) ratio *= (k - 0.5) / k;
      const term = (ratio / (Math.PI ** 1.5 * Math.sqrt(x))) * Math.sqrt(u) * scaledBessel(z) * Math.exp(-2 * z);
      sum += term;
      if (term < least) return 1 - sum;
    }
  };
  assert.ok(Math.abs(seriesDownTo(1e-20) - pValue) < 1e-13, `${seriesDownTo(1e-20)} is not ${pValue}`);
  return seriesDownTo(1e-7);
};

/** e^z K_{1/4}(z) = ∫ e^{-z (cosh t - 1)} cosh(t/4) dt over t > 0. */
const scaledBessel = (z: number): number => {
  let sum = 0.5;
  const step = 1 / 256;
  for (let t = step; t < 12; t += step) sum += Math.exp(-2 * z * Math.sinh(t / 2) ** 2) * Math.cosh(t / 4);
  return sum * step;
};

for (const name of ['diceAsCategories', 'newCategory', 'lostCategory', 'doubled', 'binary'] as const) {
  test(`the tests of counts have their golden values on ${name}`, () => {
    const [a, b] = countPairs[name];
    const golden = driftScores[name];
    // The golden forms take the reference for the known law; a new category is then impossible, and their p is 0.
    const chiSquare = goodnessOfFit(b, a, { law: 'limit' });
    if (name === 'newCategory') {
      assert.equal(golden.chisquare, 0);
      assert.ok(!chiSquare.testable && chiSquare.why === 'a category occurs that the law rules out');
      assert.equal(driftScores.newCategory.gTest, 0);
    } else {
      near(pOf(chiSquare), golden.chisquare);
      if ('gTest' in golden) near(pOf(goodnessOfFit(b, a, { statistic: 'g', law: 'limit' })), golden.gTest);
    }
    const trials = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    near(pOf(twoProportions({ successes: a[0], trials: trials(a) }, { successes: b[0], trials: trials(b) })), golden.z);
  });
}

test('A against B has its golden statistics', () => {
  const { A, B } = inputs;
  const ks = carriedOut(kolmogorovSmirnov(A, B));
  assert.equal(ks.statistic, aVersusB.ksD);
  near(birnbaumTingey(4, ks.statistic) * 2, aVersusB.ksPAsymptotic);
  near(carriedOut(cramerVonMises(A, B)).statistic, aVersusB.cramerVonMisesT);
  near(andersonDarlingStatistic(pool([A, B])), aVersusB.andersonA2);
  near(carriedOut(andersonDarling([A, B])).statistic, aVersusB.andersonT);
  near(carriedOut(eppsSingleton(A, B)).statistic, aVersusB.eppsSingletonW);
  const ranks = carriedOut(mannWhitney(A, B));
  assert.equal(ranks.statistic, aVersusB.mannwhitneyU);
  near(ranks.pValue, aVersusB.mannwhitneyPTwoSided);
  near(ranks.effect?.value, aVersusB.clesBOverA);
  near(hodgesLehmann(A, B)?.value, aVersusB.hodgesLehmannShift);
});

/** P(D⁺ ≥ d) of one sample of n, half the two-sided tail from d = ½ on (Birnbaum and Tingey 1951): the golden asymptotic p takes n = nm/N. */
const birnbaumTingey = (n: number, d: number): number => {
  let sum = 0;
  let choose = 1;
  for (let j = 0; j <= n * (1 - d); j++) {
    sum += choose * (d + j / n) ** (j - 1) * (1 - d - j / n) ** (n - j);
    choose *= (n - j) / (j + 1);
  }
  return d * sum;
};

test('the homogeneity tests have their golden statistics, p and degrees of freedom', () => {
  const check = (result: TestResult, [statistic, p, df]: readonly [number, number, number]): void => {
    const { degreesOfFreedom, ...found } = carriedOut(result);
    near(found.statistic, statistic);
    near(found.pValue, p);
    assert.equal(degreesOfFreedom, df);
  };
  check(chiSquareTest(...countPairs.diceAsCategories), twoSampleTests.chi2Dice);
  check(chiSquareTest(...countPairs.newCategory), twoSampleTests.chi2NewCategory);
  check(chiSquareTest(...countPairs.binary), twoSampleTests.chi2Binary);
  check(chiSquareTest(...countPairs.binary, { yates: true }), twoSampleTests.chi2BinaryYates);
  check(gTest(...countPairs.diceAsCategories), twoSampleTests.gDice);
  check(gTest(...countPairs.newCategory), twoSampleTests.gNewCategory);
  check(gTest(...countPairs.binary), twoSampleTests.gBinary);
});

test("Fisher's p is the golden one", () => {
  const fisher = (a: readonly number[], b: readonly number[]): number => pOf(fisherExact(a, b));
  near(fisher(...countPairs.binary), twoSampleTests.fisherBinaryP);
  near(fisher([45, 45], [30, 60]), twoSampleTests.fisher4545Vs3060P);
  near(fisher([3, 3], [6, 0]), twoSampleTests.fisher33Vs60P);
  near(fisher([6, 0], [0, 6]), twoSampleTests.fisher60Vs06P);
  near(fisher([90, 60], [60, 90]), twoSampleTests.fisher9060Vs6090P);
  const printed = [fisher([45, 45], [30, 60]), fisher([3, 3], [6, 0]), fisher([6, 0], [0, 6]), fisher([90, 60], [60, 90])];
  // One unit of the last digit.
  for (const [i, unit] of [1e-3, 1e-3, 1e-4, 1e-5].entries()) assert.ok(Math.abs(printed[i]! - suite.fisher[i]!) <= unit);
});

test('the values in few digits are met', () => {
  const within = (actual: number, expected: number, unit: number): void =>
    assert.ok(Math.abs(actual - expected) <= unit, `${actual} ${expected}`);
  const [ones, twos] = numberPairs.diceAsNumbers;
  const [reference, current] = countPairs.diceAsCategories;
  within(pOf(goodnessOfFit(current, reference)), suite.chisquareDice, 1e-5);
  within(
    pOf(
      goodnessOfFit(
        current,
        reference.map((count) => 2 * count),
      ),
    ),
    suite.chisquareDice,
    1e-5,
  );
  within(pOf(andersonDarling([inputs.A, inputs.B])), suite.andersonAB, 1e-4);
  const places = (sample: string): number[] => normalOrder.split('').flatMap((which, place) => (which === sample ? [place] : []));
  within(pOf(cramerVonMises(places('0'), places('1'))), suite.cramerVonMisesNormalSeeds01N100, 1e-4);
  within(pOf(tTest(inputs.A, inputs.B, { variances: 'equal' })), suite.tTestAB, 1e-3);
  within(pOf(eppsSingleton(ones, twos)), suite.eppsSingletonDice, 1e-2);
  within(pOf(mannWhitney(ones, twos, { alternative: 'less' })), suite.mannwhitneyDice, 1e-3);
  const g = pOf(goodnessOfFit([4, 6, 8], [5, 5, 8], { statistic: 'g' }));
  near(g, suite.gTestExact);
  within(g, suite.gTest, 1e-4);
});

test('taking a sample for the known law alarms as often as theory says', () => {
  const sizes = [
    [500, 500],
    [1000, 200],
    [200, 1000],
  ] as const;
  for (const [cells, rates] of [
    [3, falseAlarms.theory3],
    [5, falseAlarms.theory5],
    [10, falseAlarms.theory10],
    [20, falseAlarms.theory20],
  ] as const) {
    for (const [i, [n, m]] of sizes.entries()) {
      const rate = chiSquareSurvival(chiSquareQuantile(0.95, cells - 1) / (1 + m / n), cells - 1);
      assert.ok(Math.abs(rate - rates[i]!) <= 5e-7, `${rate} is not ${rates[i]}`);
    }
  }
});

test("the canary judge's numbers are met", () => {
  const { x, y, interval, estimate } = kayenta;
  const shift = hodgesLehmann(x, y, 0.98);
  assert.equal(shift?.value, estimate);
  assert.deepEqual([shift?.interval?.low, shift?.interval?.high], interval);
  near(carriedOut(tTest(kayenta.cohenControl, kayenta.cohenExperiment)).effect?.value, kayenta.cohenD);
  near(normalQuantile(0.01), kayenta['normalQuantile_.01']);
});

test('the squared mean discrepancy of kernel means and its p over all splits are the golden ones', () => {
  const all = [...inputs.A, ...inputs.B];
  const { length: half } = inputs.A;
  // Half the median over all pairs, each value's with itself too.
  const squares = inputs.A.flatMap((x) => inputs.A.map((y) => (x - y) ** 2)).sort((a, b) => a - b);
  const sigmaSquared = squares[squares.length / 2]! / 2;
  const kernel = all.map((x) => all.map((y) => Math.exp(-((x - y) ** 2) / (2 * sigmaSquared))));
  const discrepancy = (inFirst: readonly boolean[]): number => {
    let [within, between] = [0, 0];
    for (let i = 0; i < all.length; i++) {
      for (let j = 0; j < i; j++) {
        if (inFirst[i] === inFirst[j]) within += kernel[i]![j]!;
        else between += kernel[i]![j]!;
      }
    }
    return (2 * within) / (half * (half - 1)) - (2 * between) / (half * half);
  };
  const observed = discrepancy(all.map((_, i) => i < half));
  let [extreme, splits] = [0, 0];
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    const inFirst = all.map((_, i) => ((mask >> i) & 1) === 1);
    if (inFirst.filter(Boolean).length !== half) continue;
    splits++;
    if (discrepancy(inFirst) >= observed - 1e-12) extreme++;
  }
  near(observed, aVersusB.mmd2);
  near(extreme / splits, aVersusB.mmdPAllSplits);
});
