import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rocAuc } from '../ranking-scores.ts';
import { createRandom, type Random } from '../random.ts';
import { estimatePerformance } from './cbpe-classes.ts';
import { cbpeReference, estimateBinaryPerformance } from './cbpe.ts';
import { scoreEstimate, trackRecord } from './track-record.ts';

const near = (actual: number | null, expected: number, tolerance = 1e-12): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const binaryMetrics = ['accuracy', 'precision', 'recall', 'f1', 'specificity', 'rocAuc'] as const;

const probabilities = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1];
const predicted = probabilities.map((p) => p >= 0.5);

test('expected counts and metrics are those of the reference example', () => {
  const estimate = estimateBinaryPerformance({ probabilities, predicted });
  for (const [key, expected] of Object.entries({ tp: 3, fp: 1, fn: 1, tn: 3 })) near(estimate.expected[key as 'tp'], expected);
  for (const metric of ['accuracy', 'precision', 'recall', 'f1', 'specificity'] as const) near(estimate[metric].value, 0.75);
  near(estimate.rocAuc.value, 0.8125);
});

test('the band is three sampling errors, from the deviation on labelled rows and the share that the metric is about', () => {
  const reference = cbpeReference({
    actual: [true, true, true, false, false, false, false, true],
    predicted: [true, true, true, true, false, false, false, false],
    scores: probabilities,
  });
  assert.deepEqual(reference.counts, { tp: 3, fp: 1, fn: 1, tn: 3 });
  const {
    accuracy,
    precision,
    rocAuc: area,
  } = estimateBinaryPerformance({
    probabilities: Array.from({ length: 800 }, (_, i) => probabilities[i % 8]!),
    predicted: Array.from({ length: 800 }, (_, i) => predicted[i % 8]!),
    reference,
  });
  const deviation = Math.sqrt(0.75 * 0.25);
  near(accuracy.interval!.high, 0.75 + (3 * deviation) / Math.sqrt(800));
  near(precision.interval!.low, 0.75 - (3 * deviation) / Math.sqrt(800 / 2));
  near(area.interval!.low, 0.8125 - (3 * reference.areaDeviation!) / Math.sqrt(800));
});

interface Drawn {
  readonly probabilities: number[];
  readonly predicted: boolean[];
  readonly actual: boolean[];
}
const draw = (random: Random, rows: number): Drawn => {
  const chances = Array.from({ length: rows }, () => random.uniform() ** 2);
  return { probabilities: chances, predicted: chances.map((p) => p > 0.4), actual: chances.map((p) => random.uniform() < p) };
};
const truthOf = ({ predicted: said, actual, probabilities: scores }: Drawn) => {
  const { tp, fp, fn, tn } = cbpeReference({ actual, predicted: said, scores }).counts;
  return {
    accuracy: (tp + tn) / actual.length,
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    f1: (2 * tp) / (2 * tp + fp + fn),
    specificity: tn / (tn + fp),
    rocAuc: rocAuc({ positive: actual, scores })!,
  };
};

test('with calibrated probabilities the truth lies within 95 % bands at least that often, with and without a reference', () => {
  const random = createRandom(11);
  const old = draw(random, 5000);
  const reference = cbpeReference({ actual: old.actual, predicted: old.predicted, scores: old.probabilities });
  for (const given of [{}, { reference }]) {
    const scores = Array.from({ length: 250 }, () => {
      const rows = draw(random, 300);
      const estimate = estimateBinaryPerformance({ ...rows, ...given, confidence: 0.95 });
      const truth = truthOf(rows);
      return binaryMetrics.map((metric) => scoreEstimate(estimate[metric], truth[metric]));
    });
    binaryMetrics.forEach((metric, i) => {
      const record = trackRecord(scores.map((row) => row[i]!));
      assert.equal(record.scored, 250);
      assert.ok(record.inside.interval!.high > 0.95, `${metric}: ${record.inside.value}`);
      assert.ok(Math.abs(record.meanError!) < 0.01, `${metric}: ${record.meanError}`);
    });
  }
});

test('when labels no longer follow the features, the track record shows it', () => {
  const random = createRandom(5);
  const scores = Array.from({ length: 30 }, () => {
    const rows = draw(random, 500);
    const flipped = { ...rows, actual: rows.actual.map((value) => (random.uniform() < 0.3 ? !value : value)) };
    return scoreEstimate(estimateBinaryPerformance(rows).accuracy, truthOf(flipped).accuracy);
  });
  const record = trackRecord(scores);
  assert.ok(record.inside.value! < 0.2 && record.meanError! < -0.1);
});

test('metrics without rows to be about have no value and say why', () => {
  const none = estimateBinaryPerformance({ probabilities: [], predicted: [] });
  for (const metric of binaryMetrics) assert.ok(none[metric].value === null && none[metric].why);
  const allNegative = estimateBinaryPerformance({ probabilities: [0, 0], predicted: [false, false] });
  assert.equal(allNegative.precision.why, 'no row is predicted positive');
  assert.equal(allNegative.recall.value, null);
  assert.equal(allNegative.accuracy.value, 1);
  assert.equal(allNegative.rocAuc.value, null);
});

const rows = fc.array(fc.record({ p: fc.double({ min: 0, max: 1, noNaN: true }), said: fc.boolean() }), { minLength: 1, maxLength: 30 });

test('whatever the probabilities, values and bands lie within 0 and 1, and the counts add up to the rows', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const estimate = estimateBinaryPerformance({ probabilities: drawn.map(({ p }) => p), predicted: drawn.map(({ said }) => said) });
      const { tp, fp, fn, tn } = estimate.expected;
      near(tp + fp + fn + tn, drawn.length, 1e-9);
      for (const metric of binaryMetrics) {
        const { value, interval, why } = estimate[metric];
        if (value === null) assert.ok(why);
        else assert.ok(interval!.low >= 0 && interval!.low <= value && value <= interval!.high && interval!.high <= 1, metric);
      }
    }),
  );
});

test('of two labels, the second against the first is the binary estimate', () => {
  const binary = estimateBinaryPerformance({ probabilities, predicted });
  const both = estimatePerformance({
    labels: ['no', 'yes'],
    probabilities: probabilities.map((p) => [1 - p, p]),
    predicted: predicted.map((said) => (said ? 'yes' : 'no')),
  });
  for (const metric of binaryMetrics) near(both.classes[1]![metric].value, binary[metric].value!);
  near(both.accuracy.value, 0.75);
  near(both.macro.recall.value, 0.75);
  near(both.accuracy.interval!.low, binary.accuracy.interval!.low);
});

test('of three labels, accuracy is the mean probability of what was predicted', () => {
  const estimate = estimatePerformance({
    labels: ['a', 'b', 'c'],
    probabilities: [
      [0.7, 0.2, 0.1],
      [0.1, 0.6, 0.3],
    ],
    predicted: ['a', 'b'],
  });
  near(estimate.accuracy.value, 0.65);
  assert.equal(estimate.classes[2]!.precision.value, null);
  near(estimate.macro.precision.value, 0.65);
  assert.equal(estimatePerformance({ labels: ['a', 'b'], probabilities: [], predicted: [] }).accuracy.value, null);
});

test('an unknown truth scores nothing', () => {
  const estimate = { value: 0.8, interval: { low: 0.7, high: 0.9, confidence: 0.95 } };
  assert.deepEqual(scoreEstimate(estimate, null), { estimate: 0.8, truth: null, error: null, inside: null });
  assert.equal(scoreEstimate(estimate, 0.7).inside, true);
  assert.equal(scoreEstimate(estimate, 0.69).inside, false);
  assert.deepEqual(trackRecord([]).meanError, null);
  assert.throws(() => scoreEstimate(estimate, NaN), RangeError);
});

test('rows that do not fit are refused', () => {
  assert.throws(() => estimateBinaryPerformance({ probabilities: [1.2], predicted: [true] }), /calibrate/);
  assert.throws(() => estimateBinaryPerformance({ probabilities: [0.2], predicted: [] }), RangeError);
  assert.throws(() => estimateBinaryPerformance({ probabilities: [0.2], predicted: [true], scores: [NaN] }), RangeError);
  assert.throws(() => estimateBinaryPerformance({ probabilities: [0.2], predicted: [true], confidence: 95 }), RangeError);
  assert.throws(() => cbpeReference({ actual: [], predicted: [], scores: [] }), RangeError);
  assert.throws(() => estimatePerformance({ labels: ['a', 'b'], probabilities: [[0.5, 0.4]], predicted: ['a'] }), RangeError);
  assert.throws(() => estimatePerformance({ labels: ['a', 'b'], probabilities: [[0.5, 0.5]], predicted: ['c'] }), RangeError);
});
