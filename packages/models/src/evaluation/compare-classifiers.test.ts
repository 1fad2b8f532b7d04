import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { compareClassifiers } from './compare-classifiers.ts';

const labels = ['no', 'yes'];
/** Candidates whose score is the truth under so much noise. */
const rows = (seed: number, noises: readonly number[], count = 300) => {
  const random = createRandom(seed);
  const actual = Array.from({ length: count }, () => labels[random.integer(2)]!);
  const candidates = noises.map((noise, i) => {
    const probabilities = actual.map((label) => {
      const p = 1 / (1 + Math.exp(-2 * ((label === 'yes' ? 1 : -1) + noise * (random.uniform() * 2 - 1))));
      return [1 - p, p];
    });
    return { name: `m${i}`, predicted: probabilities.map(([, p]) => labels[p! > 0.5 ? 1 : 0]!), probabilities };
  });
  return { actual, labels, candidates };
};

test('a better model is told from a worse one by every test, each with its direction', () => {
  const [pair] = compareClassifiers(rows(1, [4, 1.5]));
  assert.deepEqual([pair!.first, pair!.second], ['m0', 'm1']);
  assert.ok(pair!.mcnemar.adjusted!.rejected && pair!.mcnemar.testable && pair!.mcnemar.effect!.value > 0);
  assert.ok(pair!.f1Macro.difference.interval!.high < 0);
  assert.ok(pair!.delong!.adjusted!.rejected && pair!.delong!.testable && pair!.delong!.effect!.value < 0);
  assert.ok(pair!.logLoss!.adjusted!.rejected);
});

test('among many equal models hardly any pair is called different', () => {
  let families = 0;
  for (let seed = 0; seed < 12; seed++) {
    const pairs = compareClassifiers(rows(seed, [3, 3, 3, 3], 100));
    assert.equal(pairs.length, 6);
    if (pairs.some(({ mcnemar, delong }) => mcnemar.adjusted!.rejected || delong!.adjusted!.rejected)) families++;
  }
  assert.ok(families <= 3, `${families} of 12`);
});

test('a p value is never smaller for having company', () => {
  for (const { mcnemar } of compareClassifiers(rows(3, [3, 2, 4]))) {
    assert.ok(mcnemar.testable && mcnemar.adjusted!.pValue >= mcnemar.pValue);
  }
});

test('without probabilities there is no test of them, and the same rows are asked for', () => {
  const { actual, candidates } = rows(4, [3, 2]);
  const plain = candidates.map(({ name, predicted }) => ({ name, predicted }));
  const [pair] = compareClassifiers({ actual, labels, candidates: plain });
  assert.ok(pair!.delong === undefined && pair!.logLoss === undefined && pair!.mcnemar.testable);
  assert.throws(() => compareClassifiers({ actual: actual.slice(1), labels, candidates: plain }), RangeError);
  assert.throws(() => compareClassifiers({ actual, labels, candidates: [plain[0]!, plain[0]!] }), RangeError);
});
