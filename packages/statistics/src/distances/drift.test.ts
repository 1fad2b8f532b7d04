import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { benjaminiHochberg, eBenjaminiHochberg, holm } from '../multiplicity/adjust.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { createRandom } from '../random.ts';
import { chiSquareTest, gTest } from '../tests/chi-square-test.ts';
import { cohenW } from '../tests/cohen-w.ts';
import { fisherExact } from '../tests/fisher-exact.ts';
import { goodnessOfFit } from '../tests/goodness-of-fit.ts';
import { differenceOfShares, twoProportions } from '../tests/two-proportions.ts';
import { alignHistograms } from './align-histograms.ts';
import { binsAt, countInBins, equalWidthBins, referenceBins } from './bins.ts';
import { countDistances, type CountDistanceName, distanceOfCounts, shares } from './count-distance.ts';
import { driftOfCounts } from './drift-of-counts.ts';
import { driftOfNumbers } from './drift-of-numbers.ts';
import { distanceOfSamples } from './sample-distance.ts';
import { kullbackLeibler, psi } from './share-distances.ts';
import { blockThreshold, nullThreshold, permutedThreshold } from './thresholds.ts';

const names = Object.keys(countDistances) as CountDistanceName[];
const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 3 });
const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual! - expected) <= tolerance, `${actual} is not ${expected}`);

test('a distance of counts is finite, from 0 on, 0 for equal counts, and symmetric but for Kullback and Leibler', () => {
  fc.assert(
    fc.property(counts, counts, fc.constantFrom(...names), (a, b, name) => {
      const [there, back, own] = [distanceOfCounts(name, a, b), distanceOfCounts(name, b, a), distanceOfCounts(name, a, a)];
      if (a.every((count) => count === 0) || b.every((count) => count === 0)) return assert.equal(there, undefined);
      assert.ok(there!.value >= 0 && Number.isFinite(there!.value));
      near(own!.value, 0);
      if (name !== 'kullback-leibler') near(back!.value, there!.value);
      const same = a.every((count, c) => count * b.reduce((x, y) => x + y) === b[c]! * a.reduce((x, y) => x + y));
      // What is added to each count can make different shares alike.
      if (!same && countDistances[name].added === 0) assert.ok(there!.value > 1e-9);
    }),
  );
});

test('a distance of samples is a metric that scales with its unit, and 0 only for equal shares', () => {
  const list = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.tuple(list, list, list), fc.constantFrom('wasserstein', 'energy'), ([x, y, z], name) => {
      const raw = (a: number[], b: number[]): number => distanceOfSamples(name, [a, b], { scale: 'raw' })!.value;
      near(raw(x, y), raw(y, x));
      assert.ok(raw(x, z) <= raw(x, y) + raw(y, z) + 1e-9);
      assert.equal(raw(x, [...x, ...x]), 0);
      near(
        raw(
          x.map((v) => 4 * v),
          y.map((v) => 4 * v),
        ),
        (name === 'energy' ? 2 : 4) * raw(x, y),
        1e-8,
      );
      const scaled = distanceOfSamples(name, [x, y])!.value;
      assert.ok(Number.isFinite(scaled));
      near(distanceOfSamples(name, [x.map((v) => 4 * v), y.map((v) => 4 * v)])!.value, scaled, 1e-8);
    }),
  );
  assert.equal(distanceOfSamples('energy', [[], [1]]), undefined);
});

test('bins hold every value once, with cells for what is missing, infinite or out of range', () => {
  const bins = referenceBins([1, 2, 3, 4, 5, null, NaN], { bins: 2 });
  assert.deepEqual(bins.labels, ['below 1', '[1, 3)', '[3, 5]', 'above 5', '-∞', '+∞', 'missing']);
  assert.deepEqual(countInBins(bins, [0, 1, 2.9, 3, 5, 5.1, -Infinity, Infinity, null, undefined, NaN]), [1, 2, 2, 1, 1, 1, 3]);
  const constant = referenceBins([7, 7, 7]);
  assert.deepEqual(constant.labels.slice(0, 3), ['below 7', '7', 'above 7']);
  assert.deepEqual(countInBins(constant, [6, 7, 7, 8]).slice(0, 3), [1, 2, 1]);
  assert.deepEqual(countInBins(referenceBins([]), [1, 2]), [2, 0, 0, 0, 0]);
  assert.deepEqual(equalWidthBins([0, 3, 10], { bins: 2 }).edges, [0, 5, 10]);
  const value = fc.oneof(fc.double(), fc.integer({ min: 0, max: 5 }), fc.constant(null));
  fc.assert(
    fc.property(fc.array(value), fc.array(value), (reference, current) => {
      const found = countInBins(referenceBins(reference), current);
      assert.equal(
        found.reduce((sum, count) => sum + count, 0),
        current.length,
      );
    }),
  );
  for (const refused of [() => referenceBins([1], { bins: 0 }), () => equalWidthBins([1], { bins: 1.5 }), () => binsAt([NaN])])
    assert.throws(refused, RangeError);
});

const random = createRandom(21);
const drawn = (size: number, cells: number): number[] => {
  const found = Array.from({ length: cells }, () => 0);
  for (let i = 0; i < size; i++) found[Math.floor(random.uniform() ** 1.5 * cells)]!++;
  return found;
};
const normal = (size: number, mean = 0): number[] => Array.from({ length: size }, () => mean + normalQuantile(random.uniform() + 2 ** -54));
const rounds = 200;
const bound = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / rounds);

test('without drift tests and thresholds of counts alarm about as often as alpha says, few values or many', () => {
  for (const [n, m] of [
    [600, 150],
    [40, 25],
  ] as const) {
    const alarms = { test: 0, psi: 0, 'jensen-shannon': 0, 'l-infinity': 0 };
    for (let i = 0; i < rounds; i++) {
      const [a, b] = [drawn(n, 5), drawn(m, 5)];
      for (const distance of ['psi', 'jensen-shannon', 'l-infinity'] as const) {
        const drift = driftOfCounts(a, b, { distance, draws: 99, seed: i });
        if (drift.distance!.value > drift.distance!.threshold) alarms[distance]++;
        if (distance === 'psi' && drift.significant) alarms.test++;
      }
    }
    for (const [name, count] of Object.entries(alarms))
      assert.ok(count / rounds <= bound && count > 1, `${name} ${n}/${m}: ${count} of ${rounds}`);
  }
});

test('without drift tests and thresholds of numbers alarm about as often as alpha says', () => {
  const alarms = { test: 0, wasserstein: 0, energy: 0, hellinger: 0 };
  for (let i = 0; i < rounds; i++) {
    const [x, y] = [normal(200), normal(100)];
    for (const distance of ['wasserstein', 'energy', 'hellinger'] as const) {
      const drift = driftOfNumbers(x, y, { distance, draws: 39, seed: i });
      if (drift.distance!.value > drift.distance!.threshold) alarms[distance]++;
      if (distance === 'energy' && drift.significant) alarms.test++;
    }
  }
  for (const [name, count] of Object.entries(alarms)) assert.ok(count / rounds <= bound && count > 1, `${name}: ${count} of ${rounds}`);
});

test('significance and material effect are separate verdicts, and drift is both', () => {
  const [a, b] = [
    [50_000, 50_000],
    [51_000, 49_000],
  ] as const;
  const small = driftOfCounts(a, b, { materialEffect: 0.1 });
  assert.deepEqual([small.significant, small.material, small.drifted], [true, false, false]);
  assert.equal(driftOfCounts(a, b).drifted, true);
  const few = driftOfNumbers([1, 2, 3], [2, 3, 9], { materialEffect: 0.1 });
  assert.deepEqual([few.significant, few.material, few.drifted], [false, true, false]);
});

test('drift is the same from either side, repeats from its seed, and keeps its settings', () => {
  const [x, y] = [normal(80), normal(80, 0.5)];
  for (const distance of ['wasserstein', 'energy', 'psi', 'total variation'] as const) {
    const [there, back] = [driftOfNumbers(x, y, { distance, seed: 4 }), driftOfNumbers(y, x, { distance, seed: 4 })];
    assert.ok(there.test.testable && back.test.testable && Math.abs(there.test.pValue - back.test.pValue) < 1e-12);
    near(back.distance?.value, there.distance!.value);
    near(back.distance?.threshold, there.distance!.threshold);
    assert.deepEqual(driftOfNumbers(x, y, { distance, seed: 4 }), there);
  }
  assert.deepEqual(driftOfCounts([9, 8], [3, 9], { seed: 7 }).settings, { alpha: 0.05, materialEffect: 0, seed: 7, draws: 1999 });
});

test('missing and infinite numbers are left out of the test, counted, and cells of a binned distance', () => {
  const x = [...normal(100), ...Array.from({ length: 5 }, () => null)];
  const y = [...normal(60), ...Array.from({ length: 40 }, () => null), Infinity];
  const drift = driftOfNumbers(x, y, { distance: 'psi' });
  assert.deepEqual(drift.leftOut, [5, 41]);
  assert.deepEqual(drift.test.sizes, [100, 60]);
  assert.ok(drift.distance!.value > drift.distance!.threshold);
});

test('what has no verdict says so instead of alarming', () => {
  for (const drift of [
    driftOfCounts([0, 0], [3, 4]),
    driftOfCounts([5, 0], [2, 0]),
    driftOfNumbers([], [1, 2]),
    driftOfNumbers([3, 3], [3]),
    driftOfNumbers([null], [null]),
  ]) {
    assert.equal(drift.test.testable, false);
    assert.deepEqual([drift.distance, drift.effect, drift.significant, drift.material, drift.drifted], [null, null, null, null, null]);
  }
  for (const options of [{ alpha: 0 }, { alpha: 1.5 }, { materialEffect: -1 }, { materialEffect: NaN }]) {
    assert.throws(() => driftOfCounts([1, 2], [2, 1], options), RangeError);
    assert.throws(() => driftOfNumbers([1, 2], [2, 1], options), RangeError);
  }
});

test('thresholds say what they cannot know', () => {
  assert.equal(nullThreshold('total variation', { sizes: [10, 10], cells: 3, alpha: 0.05 }), undefined);
  assert.equal(Math.round(permutedThreshold([...Array(19).keys()], 0.05)), 18);
  assert.throws(() => permutedThreshold([1, 2, 3], 0.05), /19 draws/);
  // t₀.₉₅ with one degree of freedom is 6.3137515147; s is √½ of the distance of two scores.
  near(blockThreshold([1, 3], 0.05), 2 + 6.313751514675043 * Math.SQRT2 * Math.sqrt(1.5), 1e-8);
  for (const refused of [
    () => nullThreshold('psi', { sizes: [0, 1], cells: 3, alpha: 0.05 }),
    () => nullThreshold('psi', { sizes: [5, 5], cells: 1, alpha: 0.05 }),
    () => blockThreshold([1], 0.05),
    () => blockThreshold([1, NaN], 0.05),
  ])
    assert.throws(refused, RangeError);
});

test('tests of counts refuse impossible counts and name what has no meaning', () => {
  for (const run of [chiSquareTest, gTest, fisherExact]) {
    for (const bad of [-1, 0.5, NaN, Infinity]) assert.throws(() => run([1, bad], [2, 3]), RangeError);
    assert.throws(() => run([1, 2, 3], [1, 2]), RangeError);
    assert.ok(!run([0, 0], [1, 2]).testable && !run([4, 0], [2, 0]).testable);
  }
  assert.throws(() => chiSquareTest([1, 2, 3], [3, 2, 1], { yates: true }), RangeError);
  assert.ok(!twoProportions({ successes: 0, trials: 0 }, { successes: 1, trials: 2 }).testable);
  assert.ok(!twoProportions({ successes: 2, trials: 2 }, { successes: 3, trials: 3 }).testable);
  assert.ok(!goodnessOfFit([0, 0], [1, 1]).testable);
  for (const weights of [[1], [-1, 2], [NaN, 1]]) assert.throws(() => goodnessOfFit([1, 2], weights), RangeError);
  const rare = goodnessOfFit([9, 1, 0], [0.9, 0.05, 0.05], { draws: 999 });
  assert.ok(rare.testable && /999 simulations/.test(rare.method) && rare.pValue > 0.3);
  assert.throws(() => psi([0, 1], [0.5, 0.5]), /add to each cell/);
  assert.equal(kullbackLeibler([0, 1], [0.5, 0.5]), Math.LN2);
  assert.throws(() => shares([0, 0]), RangeError);
  assert.throws(() => alignHistograms({ edges: [1], counts: [1] }, { edges: [1, 2], counts: [1] }), RangeError);
});

test("Newcombe's interval has the published ends, and w never one of no width", () => {
  // Newcombe 1998, table II, 56/70 against 48/80.
  const { value, interval } = differenceOfShares({ successes: 56, trials: 70 }, { successes: 48, trials: 80 })!;
  near(value, 0.2);
  near(interval!.low, 0.0524, 5e-5);
  near(interval!.high, 0.3339, 5e-5);
  const w = cohenW([5, 5], [10, 10])!;
  assert.ok(w.value === 0 && w.interval!.low === 0 && w.interval!.high > 0.1);
});

test('adjusted p values reject by their definitions, whatever the order', () => {
  const p = [0.01, 0.04, 0.03, 0.005];
  assert.deepEqual(
    benjaminiHochberg(p, 0.05).map((a) => Number(a.pValue.toFixed(12))),
    [0.02, 0.04, 0.04, 0.02],
  );
  assert.deepEqual(
    holm(p, 0.05).map((a) => Number(a.pValue.toFixed(12))),
    [0.03, 0.06, 0.06, 0.02],
  );
  assert.deepEqual(eBenjaminiHochberg([], 0.1), []);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      (family, level) => {
        const [bh, strict] = [benjaminiHochberg(family, level), holm(family, level)];
        for (const [i, own] of family.entries()) {
          assert.ok(own <= bh[i]!.pValue && bh[i]!.pValue <= strict[i]!.pValue + 1e-12 && strict[i]!.pValue <= 1);
          assert.equal(bh[i]!.rejected, bh[i]!.pValue <= level);
        }
        const sorted = [...family].sort((a, b) => a - b);
        const rejections = sorted.findLastIndex((own, i) => own * (family.length / (i + 1)) <= level) + 1;
        assert.equal(
          bh.filter((a) => a.rejected).length,
          rejections === 0 ? 0 : family.filter((own) => own <= sorted[rejections - 1]!).length,
        );
      },
    ),
  );
  for (const bad of [-0.1, 1.1, NaN]) {
    assert.throws(() => benjaminiHochberg([bad], 0.05), RangeError);
    assert.throws(() => holm([bad], 0.05), RangeError);
  }
  assert.throws(() => eBenjaminiHochberg([-1], 0.05), RangeError);
  assert.throws(() => holm([0.1], 0), RangeError);
});
