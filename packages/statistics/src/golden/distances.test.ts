import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignHistograms } from '../distances/align-histograms.ts';
import { binsAt, countInBins, equalWidthBins } from '../distances/bins.ts';
import { distanceOfCounts, normalisedAbsoluteDifference, shares } from '../distances/count-distance.ts';
import { distanceOfSamples } from '../distances/sample-distance.ts';
import { hellinger, jensenShannonDivergence, kullbackLeibler, lInfinity, psi, totalVariation } from '../distances/share-distances.ts';
import { nullThreshold } from '../distances/thresholds.ts';
import { eBenjaminiHochberg } from '../multiplicity/adjust.ts';
import { countPermutations, permutationP } from '../tests/count-permutations.ts';
import { twoCounts } from '../tests/two-counts.ts';
import { countPairs, near, numberPairs } from './samples.ts';
import * as golden from './two-sample.ts';

type Pair = readonly [readonly number[], readonly number[]];

/** The golden fill of zeros: 10⁻⁴, or less where the smallest share is that small. */
const filled = ([a, b]: Pair): Pair => {
  const [p, q] = [shares(a), shares(b)];
  const least = Math.min(...[...p, ...q].filter((share) => share > 0));
  const fill = (share: number): number => (share > 0 ? share : least <= 1e-4 ? least / 1e6 : 1e-4);
  return [p.map(fill), q.map(fill)];
};
const renormalised = (values: readonly number[]): number[] => {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
};
const sturges = (values: readonly number[]): number => Math.ceil(Math.log2(values.length) + 1);

/** The golden bins: each value where the reference has at most 20, else Sturges' number of equal width over both samples. */
const binned = ([x, y]: Pair): Pair => {
  const all = [...x, ...y];
  if (new Set(x).size <= 20) {
    const values = [...new Set(all)];
    const count = (sample: readonly number[]): number[] => values.map((value) => sample.filter((other) => other === value).length);
    return [count(x), count(y)];
  }
  const bins = equalWidthBins(all, { bins: sturges(all) });
  return [countInBins(bins, x), countInBins(bins, y)];
};
const occurring = ([a, b]: Pair): Pair => [a.filter((count, c) => count + b[c]! > 0), b.filter((count, c) => a[c]! + count > 0)];

const checkShares = (counts: Pair, expected: { jensenshannon: number; klDiv: number; psi: number }): void => {
  const pair = [shares(counts[0]), shares(counts[1])] as const;
  near(Math.sqrt(jensenShannonDivergence(...pair)), expected.jensenshannon);
  const [p, q] = filled(counts);
  near(psi(p, q), expected.psi);
  near(kullbackLeibler(renormalised(p), renormalised(q)), expected.klDiv);
};

for (const name of ['aVsB', 'diceAsNumbers', 'CShift', 'CSame', 'D'] as const) {
  test(`the distances of numbers have their golden values on ${name}`, () => {
    const pair = numberPairs[name];
    const expected = golden.driftScores[name];
    checkShares(occurring(binned(pair)), expected);
    const all = [...pair[0], ...pair[1]];
    const coarse = equalWidthBins(all, { bins: sturges([...new Set(all)]) });
    near(hellinger(shares(countInBins(coarse, pair[0])), shares(countInBins(coarse, pair[1]))), expected.hellinger);
    near(distanceOfSamples('wasserstein', pair, { scale: 'raw' })!.value / deviation(pair[0]), expected.wasserstein);
    near(distanceOfSamples('energy', pair, { scale: 'raw' })?.value, expected.ed);
  });
}

/** With the size as divisor. */
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

for (const name of ['diceAsCategories', 'newCategory', 'lostCategory', 'doubled', 'binary'] as const) {
  test(`the distances of counts have their golden values on ${name}`, () => {
    const [a, b] = countPairs[name];
    checkShares([a, b], golden.driftScores[name]);
    near(distanceOfCounts('hellinger', a, b)?.value, golden.driftScores[name].hellinger);
  });
}

test('the raw Wasserstein distance of A and B, and the energy of a shift, are the golden ones', () => {
  const { A, B } = golden.inputs;
  near(distanceOfSamples('wasserstein', [A, B], { scale: 'raw' })?.value, golden.aVersusB.wassersteinRaw);
  near(deviation(A), golden.aVersusB.sdReference);
  const shifted = A.map((value) => value + 5);
  near(distanceOfSamples('energy', [A, shifted], { scale: 'raw' })?.value, golden.suite.energyAAplus5Exact);
  assert.ok(Math.abs(golden.suite.energyAAplus5Exact - golden.suite.energyAAplus5) < 0.1);
  assert.equal(distanceOfSamples('energy', [A, A])?.value, golden.suite.energyAA);
  assert.ok(Math.abs(distanceOfCounts('hellinger', ...countPairs.diceAsCategories)!.value - golden.suite.hellingerDice) <= 1e-5);
});

test('the closed forms are met, each convention in its own base', () => {
  const [p, q] = [
    [0.2, 0.3, 0.5],
    [0.1, 0.4, 0.5],
  ];
  const divergence = jensenShannonDivergence(p!, q!);
  near(Math.sqrt(divergence), golden.closedForms.jsDistanceNat);
  near(divergence / Math.LN2, golden.closedForms.jsDivergenceBase2);
  near(distanceOfCounts('jensen-shannon', [2, 3, 5], [1, 4, 5])?.value, golden.closedForms.jsDistanceBase2);
  near(psi(p!, q!), golden.closedForms.psi);
  near(kullbackLeibler(p!, q!), golden.closedForms.klPQ);
  near(hellinger(p!, q!), golden.closedForms.hellinger);
  near(totalVariation(p!, q!), golden.closedForms.totalVariation);
  near(lInfinity(p!, q!), golden.closedForms.lInfinity);
});

test('histograms with other edges, missing values and foreign categories have the golden distances', () => {
  const base2 = (a: readonly number[], b: readonly number[]): number =>
    jensenShannonDivergence(renormalised(a), renormalised(b)) / Math.LN2;
  const aligned = alignHistograms({ edges: [1, 2, 3], counts: [2, 2] }, { edges: [2, 4, 6], counts: [2, 2] });
  near(base2(aligned.first, aligned.second), golden.histograms.jsdUnaligned);
  const bins = binsAt([0, 10]);
  near(base2(countInBins(bins, [1, 2, 3, NaN]), countInBins(bins, [1, 2, 3, 4])), golden.histograms.jsdNan);
  near(base2([2, 2, 1, 0, 0, 0], [0, 2, 0, 1, 1, 1]), golden.histograms.jsdRanks);
  near(base2([1, 1, 0], [1, 0, 1]), golden.histograms.jsdPoints);
  near(base2([1, 0], [0, 1]), golden.histograms.jsdDisjoint);
  near(lInfinity([0.1, 0.9], [0.3, 0.7]), golden.histograms.lInfinity);
  near(lInfinity([0.1, 0.9, 0], [0, 0.7, 0.3]), golden.histograms.lInfinityMissingKeys);
  near(normalisedAbsoluteDifference([1, 5], [10, 50])?.value, golden.histograms.normalisedDifference);
});

test('the thresholds for the size of the samples are the golden ones', () => {
  for (const [n, m, cells, threshold] of golden.nullThresholds.rows) {
    const of = (name: Parameters<typeof nullThreshold>[0]): number | undefined =>
      nullThreshold(name, { sizes: [n, m], cells, alpha: 0.05 });
    near(of('psi'), threshold);
    near(of('kullback-leibler'), threshold / 2);
    near(of('hellinger')! ** 2, threshold / 8);
    near(of('jensen-shannon')! ** 2 * Math.LN2, threshold / 8);
  }
});

const dice = golden.inputs.diceReferenceCounts;
for (const { name, first, second, truth } of [
  { name: 'dice', first: dice, second: golden.inputs.diceCurrentCounts, truth: golden.totalVariationP.tvdDice[1] },
  {
    name: 'new category',
    first: countPairs.newCategory[0],
    second: countPairs.newCategory[1],
    truth: golden.totalVariationP.tvdNewCategory[1],
  },
  {
    name: 'lost category',
    first: countPairs.lostCategory[0],
    second: countPairs.lostCategory[1],
    truth: golden.totalVariationP.tvdLostCategory[1],
  },
  { name: 'binary', first: countPairs.binary[0], second: countPairs.binary[1], truth: golden.totalVariationP.tvdBinary[1] },
  { name: 'dice and loaded', first: dice, second: [10, 10, 24, 24, 10, 10], truth: golden.totalVariationP.tvdDiceVs101024241010[1] },
  { name: 'dice and another', first: dice, second: [10, 24, 12, 16, 8, 16], truth: golden.totalVariationP.tvdDiceVs10241216816[1] },
]) {
  test(`the permutation p of total variation is the golden one: ${name}`, () => {
    const exact = exactTotalVariationP(first, second);
    // The golden truth is itself from permutations, to 0.002.
    assert.ok(Math.abs(exact - truth) <= 0.002, `${exact} is not ${truth}`);
    const counts = twoCounts(first, second);
    const drawn = countPermutations(counts, movedMass, { draws: 9999, seed: 1 });
    const p = permutationP(drawn, movedMass(counts.first, counts.second));
    assert.ok(Math.abs(p - exact) <= 4 * Math.sqrt((exact * (1 - exact)) / 9999), `${p} is not ${exact}`);
  });
}

/** Total variation in whole numbers. */
const movedMass = (a: readonly number[], b: readonly number[]): number => {
  const [n, m] = [a, b].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  return a.reduce((sum, count, c) => sum + Math.abs(count * m! - b[c]! * n!), 0);
};

/** Over all tables with the same margins, category by category. */
const exactTotalVariationP = (a: readonly number[], b: readonly number[]): number => {
  const [n, m] = [a, b].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  let states = new Map([[0, new Map([[0, 1]])]]);
  for (const [c, count] of a.entries()) {
    const tied = count + b[c]!;
    const next: typeof states = new Map();
    for (const [used, sums] of states) {
      let choose = 1;
      for (let held = 0; held <= Math.min(tied, n - used); held++) {
        const target = next.get(used + held) ?? new Map<number, number>();
        next.set(used + held, target);
        const moved = Math.abs(held * m - (tied - held) * n);
        for (const [sum, ways] of sums) target.set(sum + moved, (target.get(sum + moved) ?? 0) + ways * choose);
        choose *= (tied - held) / (held + 1);
      }
    }
    states = next;
  }
  const observed = movedMass(a, b);
  let [extreme, all] = [0, 0];
  for (const [sum, ways] of states.get(n)!) {
    all += ways;
    if (sum >= observed) extreme += ways;
  }
  return extreme / all;
};

test('where all current values are sixes the p of total variation is the least that the draws allow', () => {
  assert.equal(golden.suite.tvdAllInSixth, 0);
  const counts = twoCounts(dice, [0, 0, 0, 0, 0, 88]);
  assert.equal(
    permutationP(countPermutations(counts, movedMass, { draws: 1000, seed: 0 }), movedMass(counts.first, counts.second)),
    1 / 1001,
  );
});

test('the e-BH procedure rejects as many as in the golden example', () => {
  const { eValues, alpha, rejected } = golden.eBenjaminiHochberg;
  assert.deepEqual(
    eBenjaminiHochberg(eValues, alpha),
    eValues.map((_, i) => i < rejected),
  );
});
