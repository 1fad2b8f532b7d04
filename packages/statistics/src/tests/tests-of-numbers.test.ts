import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalQuantile } from '../normal-quantile.ts';
import { createRandom } from '../random.ts';
import type { Tested, TestResult } from '../result.ts';
import { andersonDarling } from './anderson-darling.ts';
import { cramerVonMises } from './cramer-von-mises.ts';
import { eppsSingleton } from './epps-singleton.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { mannWhitney } from './mann-whitney.ts';
import { permutationTest } from './permutation.ts';
import { probabilityOfSuperiority } from './probability-of-superiority.ts';
import { differenceOfMeans, tTest } from './t-test.ts';

const carriedOut = (result: TestResult): Tested => {
  assert.ok(result.testable);
  return result;
};
const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1e-300, Math.abs(expected)), `${actual} is not ${expected}`);

type Run = (x: readonly number[], y: readonly number[]) => TestResult;
const byRanks: Record<string, Run> = {
  'kolmogorov-smirnov': (x, y) => kolmogorovSmirnov(x, y),
  'cramer-von mises': (x, y) => cramerVonMises(x, y),
  'anderson-darling': (x, y) => andersonDarling([x, y]),
  'mann-whitney': (x, y) => mannWhitney(x, y),
};
const all: Record<string, Run> = {
  ...byRanks,
  'epps-singleton': (x, y) => eppsSingleton(x, y),
  't test, welch': (x, y) => tTest(x, y),
  't test, equal variances': (x, y) => tTest(x, y, { variances: 'equal' }),
};

const values = fc.oneof(fc.integer({ min: -8, max: 8 }), fc.double({ min: -100, max: 100, noNaN: true }));
const samples = fc.tuple(fc.array(values, { minLength: 0, maxLength: 20 }), fc.array(values, { minLength: 0, maxLength: 20 }));

for (const [name, run] of Object.entries(all)) {
  test(`${name}: p lies in (0, 1], every number is finite, and the order of samples and values does not matter`, () => {
    fc.assert(
      fc.property(samples, ([x, y]) => {
        const result = run(x, y);
        const swapped = run(y, x);
        assert.equal(result.testable, swapped.testable);
        if (!result.testable || !swapped.testable) return;
        assert.ok(result.pValue > 0 && result.pValue <= 1 && Number.isFinite(result.statistic));
        for (const end of [result.effect?.value ?? 0, result.effect?.interval?.low ?? 0, result.effect?.interval?.high ?? 0])
          assert.ok(Number.isFinite(end));
        near(swapped.pValue, result.pValue);
        near(
          carriedOut(
            run(
              [...x].reverse(),
              [...y].sort((a, b) => a - b),
            ),
          ).pValue,
          result.pValue,
        );
      }),
    );
  });

  test(`${name}: empty and constant samples are not testable, NaN and infinity are refused`, () => {
    for (const [x, y] of [
      [[], [1, 2, 3, 4, 5, 6]],
      [[1, 2, 3, 4, 5, 6], []],
      [
        [7, 7, 7, 7, 7],
        [7, 7, 7, 7, 7, 7],
      ],
    ] as const) {
      const result = run(x, y);
      assert.ok(!result.testable && result.why.length > 0);
      assert.deepEqual(result.sizes, [x.length, y.length]);
    }
    for (const bad of [NaN, Infinity, -Infinity]) assert.throws(() => run([1, 2, bad], [1, 2, 3]), RangeError);
  });
}

for (const [name, run] of Object.entries(byRanks)) {
  test(`${name}: a monotone change of scale changes nothing`, () => {
    fc.assert(
      fc.property(samples, ([x, y]) => {
        const [before, after] = [
          run(x, y),
          run(
            x.map((v) => Math.round(v) ** 3),
            y.map((v) => Math.round(v) ** 3),
          ),
        ];
        const rounded = run(x.map(Math.round), y.map(Math.round));
        assert.equal(rounded.testable, after.testable);
        if (rounded.testable && after.testable) near(after.pValue, rounded.pValue);
        assert.deepEqual(before.sizes, after.sizes);
      }),
    );
  });
}

test('shift and scale leave the t tests and the test of Epps and Singleton as they are', () => {
  const [x, y] = [
    [1, 2.5, 3, 4.25, 7, 9],
    [2, 3, 5, 8, 8.5, 12, 13],
  ];
  for (const run of [all['epps-singleton']!, all['t test, welch']!]) {
    near(
      carriedOut(
        run(
          x!.map((v) => 3 * v - 7),
          y!.map((v) => 3 * v - 7),
        ),
      ).pValue,
      carriedOut(run(x!, y!)).pValue,
      1e-7,
    );
  }
});

const random = createRandom(11);
const normal = (size: number, mean = 0, deviation = 1): number[] =>
  Array.from({ length: size }, () => mean + deviation * normalQuantile(random.uniform() + 2 ** -54));

test('without a difference each test alarms about as often as its level says', () => {
  const alarms = new Map(Object.keys(all).map((name) => [name, 0]));
  const rounds = 400;
  for (let i = 0; i < rounds; i++) {
    const [x, y] = [normal(40), normal(60)];
    for (const [name, run] of Object.entries(all)) if (carriedOut(run(x, y)).pValue <= 0.05) alarms.set(name, alarms.get(name)! + 1);
  }
  // Four standard errors above; exact tests of coarse statistics stay below.
  for (const [name, count] of alarms)
    assert.ok(count / rounds <= 0.05 + 4 * Math.sqrt((0.05 * 0.95) / rounds) && count > 2, `${name}: ${count} of ${rounds}`);
});

test('a difference is found', () => {
  const [x, y] = [normal(200), normal(200, 0.6)];
  for (const [name, run] of Object.entries(all)) assert.ok(carriedOut(run(x, y)).pValue < 0.01, name);
});

test('the intervals hold the true effect about as often as they say', () => {
  const held = { superiority: 0, shift: 0, means: 0, curve: 0 };
  const rounds = 300;
  // P(N(0.5, 1) > N(0, 1)) = Φ(0.5/√2); the largest difference of the two curves is 2 Φ(0.25) - 1.
  const truth = { superiority: 0.6381631950841185, shift: -0.5, means: -0.5, curve: 0.19741265136584749 };
  const holds = (interval: { low: number; high: number } | undefined, value: number): number =>
    interval!.low <= value && value <= interval!.high ? 1 : 0;
  for (let i = 0; i < rounds; i++) {
    const [x, y] = [normal(50), normal(40, 0.5)];
    held.superiority += holds(probabilityOfSuperiority(x, y)?.interval, truth.superiority);
    held.shift += holds(hodgesLehmann(x, y)?.interval, truth.shift);
    held.means += holds(differenceOfMeans(x, y)?.interval, truth.means);
    held.curve += holds(carriedOut(kolmogorovSmirnov(x, y)).effect?.interval, truth.curve);
  }
  for (const [name, count] of Object.entries(held))
    assert.ok(count / rounds > 0.95 - 4 * Math.sqrt((0.05 * 0.95) / rounds), `${name}: ${count} of ${rounds}`);
});

test('the shift of Hodges and Lehmann is the median of all differences', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 12 }), fc.array(values, { minLength: 1, maxLength: 12 }), (x, y) => {
      const differences = x.flatMap((a) => y.map((b) => a - b)).sort((a, b) => a - b);
      const { value, interval } = hodgesLehmann(x, y)!;
      const half = differences.length / 2;
      assert.equal(value, (differences[Math.ceil(half) - 1]! + differences[Math.floor(half)]!) / 2);
      assert.ok(interval!.low <= value && value <= interval!.high);
      assert.ok(differences.includes(interval!.low) && differences.includes(interval!.high));
    }),
  );
  assert.equal(hodgesLehmann([], [1]), undefined);
  // Neighbouring doubles, whose middle rounds to the higher one.
  assert.equal(hodgesLehmann([1 + 2 ** -52, 1 + 2 ** -51], [0])!.interval!.high, 1 + 2 ** -51);
});

test('the probability of superiority is the share of pairs, and its interval stays open at the ends', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 12 }), fc.array(values, { minLength: 1, maxLength: 12 }), (x, y) => {
      const { value, interval } = probabilityOfSuperiority(x, y)!;
      const pairs = x.flatMap((a) => y.map((b) => (b > a ? 1 : b === a ? 0.5 : 0) as number));
      near(value, pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length);
      assert.ok(interval!.low >= 0 && interval!.low <= value && value <= interval!.high && interval!.high <= 1);
    }),
  );
  const separate = probabilityOfSuperiority([1, 2, 3, 4], [5, 6, 7, 8])!;
  assert.ok(separate.value === 1 && separate.interval!.low < 0.9 && separate.interval!.high === 1);
  assert.equal(probabilityOfSuperiority([1], []), undefined);
});

test("Welch's test has the textbook's values, and means their interval", () => {
  // t and degrees of freedom by hand: s₁²/n = 1/2, s₂²/m = 10/5.
  const [x, y] = [
    [4, 6, 4, 6, 5, 5, 4, 6],
    [1, 5, 9, 5, 5],
  ];
  const { statistic, degreesOfFreedom } = carriedOut(tTest(x!, y!));
  const [p, q] = [6 / 7 / 8, 8 / 5];
  near(statistic + 1, 1);
  near(degreesOfFreedom!, (p + q) ** 2 / (p ** 2 / 7 + q ** 2 / 4));
  const { value, interval } = differenceOfMeans([2, 4, 6], [1, 3, 5], { variances: 'equal' })!;
  // t₀.₉₇₅ with 4 degrees of freedom is 2.7764451052.
  near(value, 1);
  near(interval!.high - value, 2.7764451051977987 * Math.sqrt((4 * 2) / 3), 1e-9);
  assert.equal(differenceOfMeans([1], [2, 3]), undefined);
});

test('several samples are compared at once, and the test wants two at least', () => {
  const same = carriedOut(andersonDarling([normal(30), normal(40), normal(50)]));
  const other = carriedOut(andersonDarling([normal(30), normal(40), normal(50, 1)]));
  assert.deepEqual(other.sizes, [30, 40, 50]);
  assert.ok(same.pValue > other.pValue && other.pValue <= 0.01);
  assert.throws(() => andersonDarling([[1, 2, 3]]), RangeError);
  assert.throws(() => andersonDarling([[1, 2], [3]], { draws: 0 }), RangeError);
});

test('a permutation test repeats from its seed and says where it has no meaning', () => {
  const run = (seed: number): TestResult =>
    permutationTest([normal(10), normal(10)], (a, b) => Math.abs(a[0]! - b[0]!), { draws: 99, seed });
  assert.ok(run(1).testable);
  const [x, y] = [normal(10), normal(12)];
  const statistic = (a: Float64Array, b: Float64Array): number => Math.abs(a.sort()[2]! - b.sort()[2]!);
  assert.deepEqual(permutationTest([x, y], statistic, { seed: 3 }), permutationTest([x, y], statistic, { seed: 3 }));
  assert.ok(!permutationTest([[], [1]], () => 1).testable);
  assert.ok(!permutationTest([[1], [1]], () => NaN).testable);
  assert.throws(() => permutationTest([[1], [NaN]], () => 1), RangeError);
  assert.throws(() => permutationTest([[1], [2]], () => 1, { draws: 0 }), RangeError);
});

test('confidences out of range are refused', () => {
  for (const confidence of [0, 1, 95, NaN]) {
    assert.throws(() => kolmogorovSmirnov([1, 2], [2, 3], { confidence }), RangeError);
    assert.throws(() => mannWhitney([1, 2], [2, 3], { confidence }), RangeError);
    assert.throws(() => tTest([1, 2], [2, 3], { confidence }), RangeError);
    assert.throws(() => hodgesLehmann([1, 2], [2, 3], confidence), RangeError);
    assert.throws(() => probabilityOfSuperiority([1, 2], [2, 3], confidence), RangeError);
  }
});
