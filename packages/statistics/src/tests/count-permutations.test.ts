import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import { chiSquareSurvival } from '../special/chi-square.ts';
import { logFactorial } from '../special/log-factorial.ts';
import { logGamma } from '../special/log-gamma.ts';
import { countPermutationP, countPermutations, permutationP } from './count-permutations.ts';
import { dealCells, dealValues } from './deal-counts.ts';
import { drawHypergeometric } from './hypergeometric.ts';
import { pearson } from './pearson.ts';
import { twoCounts } from './two-counts.ts';

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** How well counts fit the probabilities of what they count; what is expected less than ten times is put together. */
const fit = (counts: ReadonlyMap<string, number>, law: ReadonlyMap<string, number>, draws: number): number => {
  let [statistic, cells, rare, rareExpected] = [0, 0, 0, 0];
  for (const [key, probability] of law) {
    const [seen, expected] = [counts.get(key) ?? 0, draws * probability];
    if (expected < 10) [rare, rareExpected] = [rare + seen, rareExpected + expected];
    else [statistic, cells] = [statistic + (seen - expected) ** 2 / expected, cells + 1];
  }
  if (rareExpected >= 10) [statistic, cells] = [statistic + (rare - rareExpected) ** 2 / rareExpected, cells + 1];
  return chiSquareSurvival(statistic, cells - 1);
};

for (const [name, box] of Object.entries({
  'few are taken': { marked: 30, others: 50, taken: 7 },
  'few are marked': { marked: 5, others: 100, taken: 60 },
  'most are marked': { marked: 500, others: 6, taken: 250 },
  'most are taken': { marked: 60, others: 90, taken: 146 },
  'half is taken of halves': { marked: 40, others: 40, taken: 40 },
  'a third is taken': { marked: 60, others: 140, taken: 66 },
  'more than half is taken, and more than half marked': { marked: 130, others: 70, taken: 120 },
  'the marked ones are rare': { marked: 20, others: 3000, taken: 200 },
  'thousands are taken of thousands': { marked: 4000, others: 16_000, taken: 10_000 },
  'there are more than any table holds': { marked: 60_000, others: 140_000, taken: 400 },
})) {
  test(`draws have the hypergeometric law where ${name}`, () => {
    const { marked, others, taken } = box;
    const random = createRandom(17);
    const draws = 40_000;
    const seen = new Map<string, number>();
    for (let i = 0; i < draws; i++) add(seen, String(drawHypergeometric(random, box)));
    const law = new Map<string, number>();
    for (let k = Math.max(0, taken - others); k <= Math.min(marked, taken); k++)
      law.set(String(k), Math.exp(logChoose(marked, k) + logChoose(others, taken - k) - logChoose(marked + others, taken)));
    assert.ok([...seen.keys()].every((k) => law.has(k)));
    const p = fit(seen, law, draws);
    assert.ok(p > 1e-3, `p is ${p}`);
  });
}

test('what is sure is drawn: none, all, or as many as there must be', () => {
  const random = createRandom(1);
  for (const [marked, others, taken, drawn] of [
    [0, 9, 4, 0],
    [9, 0, 4, 4],
    [5, 7, 0, 0],
    [5, 7, 12, 5],
    [300, 0, 200, 200],
    [0, 300, 200, 0],
  ] as const)
    assert.equal(drawHypergeometric(random, { marked, others, taken }), drawn);
});

/** Every way to fill the smaller sample, with its probability. */
const tables = (pooled: readonly number[], size: number): Map<string, number> => {
  const all = pooled.reduce((sum, count) => sum + count, 0);
  const law = new Map<string, number>();
  const fill = (filled: number[], left: number, logWays: number): void => {
    const c = filled.length;
    if (c === pooled.length) {
      if (left === 0) law.set(filled.join(), Math.exp(logWays - logChoose(all, size)));
      return;
    }
    for (let k = 0; k <= Math.min(left, pooled[c]!); k++) fill([...filled, k], left - k, logWays + logChoose(pooled[c]!, k));
  };
  fill([], size, 0);
  return law;
};

for (const { pooled, size } of [
  { pooled: [4, 2, 3, 1], size: 5 },
  { pooled: [1, 9, 2], size: 3 },
  { pooled: [30, 26, 28], size: 32 },
  { pooled: [2, 60, 1, 45], size: 50 },
]) {
  test(`tables are drawn as often as all tables with these margins say, either way: ${pooled.join(', ')} and ${size}`, () => {
    const law = tables(pooled, size);
    const draws = 30_000;
    for (const deal of [dealCells, dealValues]) {
      const draw = deal(createRandom(5), { pooled, size });
      const drawn = pooled.map(() => 0);
      const seen = new Map<string, number>();
      for (let i = 0; i < draws; i++) {
        draw(drawn);
        add(seen, drawn.join());
      }
      assert.ok([...seen.keys()].every((table) => law.has(table)));
      const p = fit(seen, law, draws);
      assert.ok(p > 1e-3, `p is ${p}`);
    }
  });
}

test('tables of large samples drawn by cell have the law of values dealt one by one', () => {
  const pooled = [1800, 700, 400, 60, 30, 7, 2, 1];
  const size = 1200;
  const draws = 4000;
  const all = pooled.reduce((sum, count) => sum + count, 0);
  const [byCell, byValue] = [dealCells, dealValues].map((deal, seed) => {
    const draw = deal(createRandom(seed), { pooled, size });
    const drawn = pooled.map(() => 0);
    return Float64Array.from({ length: draws }, () => {
      draw(drawn);
      assert.equal(
        drawn.reduce((sum, count) => sum + count, 0),
        size,
      );
      return pearson(
        drawn,
        pooled.map((count, c) => count - drawn[c]!),
      );
    }).sort();
  }) as [Float64Array, Float64Array];
  // Kolmogorov's and Smirnov's distance of both; 1.95 √(2/draws) is exceeded once in a thousand.
  let [i, j, distance] = [0, 0, 0];
  while (i < draws && j < draws) {
    if (byCell[i]! <= byValue[j]!) i++;
    else j++;
    distance = Math.max(distance, Math.abs(i - j) / draws);
  }
  assert.ok(distance < 1.95 * Math.sqrt(2 / draws), `${distance}`);
  const mean = byCell.reduce((sum, value) => sum + value, 0) / draws;
  assert.ok(Math.abs(mean - (pooled.length - 1) * (all / (all - 1))) < 0.3, `${mean}`);
});

test('exchanges repeat from their seed, also of large samples, and either sample may be the smaller', () => {
  const [few, many] = [
    [900, 300, 50, 3],
    [5000, 2000, 200, 40],
  ];
  const there = countPermutations(twoCounts(few!, many!), pearson, { draws: 50, seed: 3 });
  assert.deepEqual(countPermutations(twoCounts(few!, many!), pearson, { draws: 50, seed: 3 }), there);
  const back = countPermutations(twoCounts(many!, few!), pearson, { draws: 50, seed: 3 });
  for (const [i, value] of there.entries()) assert.ok(Math.abs(value - back[i]!) <= 1e-9 * value);
});

test('exchanges that end early have the p of all exchanges, or one above the level for certain', () => {
  const random = createRandom(8);
  const level = 0.1;
  const settings = { draws: 199, seed: 3 };
  const rounds = 400;
  let rejected = 0;
  for (let i = 0; i < rounds; i++) {
    const [a, b] = [20, 20].map((size) => {
      const counts = [0, 0, 0, 0, 0];
      for (let n = 0; n < size; n++) counts[Math.floor(random.uniform() ** 2 * 5)]!++;
      return counts;
    });
    const counts = twoCounts(a!, b!);
    const whole = permutationP(countPermutations(counts, pearson, settings), pearson(counts.first, counts.second));
    const { pValue, made } = countPermutationP(counts, pearson, { ...settings, enough: level * 200 });
    if (made === settings.draws) assert.equal(pValue, whole);
    else assert.ok(pValue > level && whole > level && Math.abs(pValue - whole) < 0.3);
    if (pValue <= level) rejected++;
    assert.deepEqual(countPermutationP(counts, pearson, settings), { pValue: whole, made: 199 });
  }
  assert.ok(rejected > 0 && rejected / rounds <= level + 3 * Math.sqrt((level * (1 - level)) / rounds), `${rejected}`);
});

test('the logarithm of a factorial has all its digits, on both sides of the table', () => {
  for (const k of [0, 1, 2, 10, 1023, 1024, 65_535, 65_536, 1e6, 1e9]) {
    const exact = logGamma(k + 1);
    assert.ok(Math.abs(logFactorial(k) - exact) <= 1e-13 * Math.max(1, exact) + 1e-14 * k, `${k}: ${logFactorial(k)} is not ${exact}`);
  }
});
