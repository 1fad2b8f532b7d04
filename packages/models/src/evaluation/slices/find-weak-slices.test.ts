import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { featuresOf } from './features-of.ts';
import { findWeakSlices } from './find-weak-slices.ts';

const airlines = ['Alpha', 'Beta', 'Gamma', 'Delta'];
const made = (seed: number, rows = 4000) => {
  const random = createRandom(seed);
  const airline = Array.from({ length: rows }, () => airlines[random.integer(4)]!);
  const hour = Array.from({ length: rows }, () => random.integer(24));
  const seat = Array.from({ length: rows }, () => (random.uniform() < 0.1 ? null : random.uniform()));
  return { columns: { airline, hour, seat }, airline, hour, random };
};
/** 0 or 1: wrong with this probability. */
const losses = (chance: readonly number[], random: ReturnType<typeof createRandom>): Float64Array =>
  Float64Array.from(chance, (p) => (random.uniform() < p ? 1 : 0));

test('a planted weakness of one condition is found, and slices within it are not repeated', () => {
  const { columns, airline, random } = made(1);
  const { weak, tried } = findWeakSlices(
    losses(
      airline.map((name) => (name === 'Beta' ? 0.4 : 0.1)),
      random,
    ),
    featuresOf(columns),
  );
  assert.ok(tried > 20);
  assert.deepEqual(weak[0]!.conditions, [{ column: 'airline', is: 'Beta' }]);
  assert.ok(!weak.slice(1).some(({ conditions }) => conditions.some(({ is }) => is === 'Beta')));
  assert.ok(Math.abs(weak[0]!.loss - 0.4) < 0.06 && Math.abs(weak[0]!.lossElsewhere - 0.1) < 0.03);
  assert.ok(weak[0]!.interval.low > 0.2 && weak[0]!.effectSize > 0.5 && weak[0]!.pValue < 1e-6);
});

test('a weakness that takes two conditions is found as one', () => {
  const { columns, airline, hour, random } = made(2, 8000);
  const chance = airline.map((name, row) => (name === 'Delta' && hour[row]! >= 18 ? 0.7 : 0.1));
  const { weak } = findWeakSlices(losses(chance, random), featuresOf(columns), { minEffect: 0.9 });
  assert.equal(weak.length, 1);
  assert.deepEqual(weak[0]!.conditions, [
    { column: 'airline', is: 'Delta' },
    { column: 'hour', is: '18 to 23' },
  ]);
});

test('a model that is equally good everywhere is seldom said to be weak', () => {
  let said = 0;
  for (let seed = 10; seed < 70; seed++) {
    const { columns, airline, random } = made(seed, 1000);
    const even = losses(
      airline.map(() => 0.2),
      random,
    );
    if (findWeakSlices(even, featuresOf(columns), { minEffect: 0 }).weak.length > 0) said++;
  }
  assert.ok(said <= 6, `${said} of 60`);
});

test('slices are never smaller than asked for', () => {
  const { columns, random, airline } = made(3, 500);
  const all = losses(
    airline.map((_, row) => (row % 50 === 0 ? 1 : 0.1)),
    random,
  );
  const { weak } = findWeakSlices(all, featuresOf(columns), { minRows: 120, level: 0.99, minEffect: -9 });
  assert.ok(weak.length > 0 && weak.every(({ rows }) => rows >= 120));
  assert.throws(() => findWeakSlices(Float64Array.of(1, NaN), []), RangeError);
  assert.throws(() => findWeakSlices(Float64Array.of(1, 2), featuresOf({ a: ['x'] })), RangeError);
});

test('texts are parted by length, negation, rare words, marks of irony, questions and capitals; keys are not parted at all', () => {
  const texts = Array.from(
    { length: 60 },
    (_, i) => `flight ${i} was ${i % 2 === 0 ? 'not ' : ''}late${i % 5 === 0 ? ' thanks a lot!!' : ''}${i % 3 === 0 ? '?' : ''}`,
  );
  const features = featuresOf({ text: texts, key: texts.map((_, i) => `k${i}`) });
  const parts = features.flatMap(({ parts: names }) => names);
  assert.ok(features.every(({ column }) => column === 'text'));
  for (const part of ['with negation', 'with marks of irony', 'with a question', 'without words in capitals'])
    assert.ok(parts.includes(part), part);
  const negation = features.find(({ parts: names }) => names.includes('with negation'))!;
  assert.ok(negation.codes.every((code, i) => negation.parts[code] === (i % 2 === 0 ? 'with negation' : 'without negation')));
});

test('numbers are parted into about equal halves of halves, equal ones together, and missing ones apart', () => {
  const [feature] = featuresOf({ n: [...Array.from({ length: 40 }, (_, i) => i), null, 39, 39, 39] });
  assert.deepEqual(feature!.parts, ['0 to 9', '10 to 20', '21 to 31', '32 to 39', 'missing']);
  assert.equal(feature!.codes[40], 4);
  assert.deepEqual(featuresOf({ n: [7, 7, 7] })[0]!.parts, ['7']);
  assert.deepEqual(featuresOf({ n: [null, null] }), []);
});
