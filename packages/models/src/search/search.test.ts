import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type SearchMethod, type Space, type Trial, gridOf, isWithin, ranked, rungsOf, shouldStop, suggest } from './index.ts';
import type { Dimension } from './space.ts';

const methods: Readonly<Record<string, SearchMethod>> = {
  grid: { kind: 'grid', pointsPerRange: 3 },
  random: { kind: 'random' },
  tpe: { kind: 'tpe', startup: 3 },
  'multivariate tpe': { kind: 'tpe', startup: 3, multivariate: true },
};

const range = fc.tuple(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.double({ min: 0, max: 1e3, noNaN: true }));
const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  range.map(([low, more]) => ({ kind: 'real' as const, low: -low, high: more })),
  range.map(([low, more]) => ({ kind: 'log-real' as const, low, high: low + more })),
  fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(20)).map(([low, more]) => ({ kind: 'integer' as const, low, high: low + more })),
  fc
    .uniqueArray(fc.oneof(fc.boolean(), fc.integer(), fc.string()), { minLength: 1, maxLength: 4 })
    .map((values) => ({ kind: 'choice' as const, values })),
);
/** Some dimensions that always count, a switch, and some that count on one side of it. */
const space: fc.Arbitrary<Space> = fc
  .tuple(fc.array(dimension, { minLength: 1, maxLength: 3 }), fc.array(dimension, { maxLength: 2 }))
  .map(([always, sometimes]): Space => ({
    ...Object.fromEntries(always.map((one, i) => [`always${i}`, one])),
    switch: { kind: 'choice', values: ['a', 'b'] },
    ...Object.fromEntries(sometimes.map((one, i) => [`a-only${i}`, { ...one, when: { switch: ['a'] } }])),
  }));

/** A search of so many trials; their values come from `judge`. */
const search = (
  asked: { space: Space; method: SearchMethod; seed: number },
  trials: number,
  judge: (settings: Trial['settings']) => number,
): Trial[] => {
  const history: Trial[] = [];
  while (history.length < trials) {
    const settings = suggest({ ...asked, history });
    history.push({ settings, value: judge(settings) });
  }
  return history;
};
const anyValue = (settings: Trial['settings']): number => Object.values(settings).reduce<number>((sum, one) => sum + (Number(one) || 1), 0);

for (const [name, method] of Object.entries(methods)) {
  describe(name, () => {
    test('what is suggested lies within the space', () => {
      fc.assert(
        fc.property(space, fc.nat(), (given, seed) => {
          for (const { settings } of search({ space: given, method, seed }, 8, anyValue))
            assert.ok(isWithin(given, settings), JSON.stringify(settings));
        }),
        { numRuns: 60 },
      );
    });

    test('the same question has the same answer, in whatever order the space is written', () => {
      fc.assert(
        fc.property(space, fc.nat(), (given, seed) => {
          const turned: Space = Object.fromEntries(Object.entries(given).toReversed());
          assert.deepEqual(search({ space: given, method, seed }, 6, anyValue), search({ space: turned, method, seed }, 6, anyValue));
        }),
        { numRuns: 20 },
      );
    });
  });
}

test('suggestions asked for at once on the same history differ', () => {
  const history = search({ space: { x: { kind: 'real', low: 0, high: 1 } }, method: { kind: 'random' }, seed: 1 }, 12, anyValue);
  const at = (index: number) =>
    suggest({ space: { x: { kind: 'real', low: 0, high: 1 } }, history, method: { kind: 'tpe' }, seed: 1, index });
  assert.notDeepEqual(at(12), at(13));
});

test('a grid holds every combination once, and begins again past its end', () => {
  const given: Space = {
    C: { kind: 'log-real', low: 0.1, high: 10 },
    pairs: { kind: 'choice', values: [true, false] },
    n: { kind: 'integer', low: 2, high: 3, when: { pairs: [true] } },
  };
  const grid = gridOf(given, 3);
  assert.equal(grid.length, 9);
  assert.equal(new Set(grid.map((one) => JSON.stringify(one))).size, 9);
  assert.deepEqual(
    grid.filter(({ pairs }) => !pairs).map(({ C }) => C),
    [0.1, 1, 10],
  );
  assert.deepEqual(suggest({ space: given, history: [], method: { kind: 'grid', pointsPerRange: 3 }, seed: 0, index: 9 }), grid[0]);
});

test('spaces that cannot be searched are refused in words', () => {
  const ask = (given: Space) => () => suggest({ space: given, history: [], method: { kind: 'random' }, seed: 0 });
  assert.throws(ask({}), { reason: 'bad_space', message: /no dimension/ });
  assert.throws(ask({ C: { kind: 'log-real', low: 0, high: 1 } }), { reason: 'bad_space', message: /"C" goes from 0/ });
  assert.throws(ask({ C: { kind: 'real', low: 2, high: 1 } }), { reason: 'bad_space' });
  assert.throws(ask({ n: { kind: 'integer', low: 0.5, high: 1 } }), { reason: 'bad_space' });
  assert.throws(ask({ n: { kind: 'choice', values: [] } }), { reason: 'bad_space' });
  const a: Dimension = { kind: 'choice', values: [1], when: { b: [1] } };
  assert.throws(ask({ a }), { reason: 'bad_space', message: /not in the space/ });
  assert.throws(ask({ a, b: { kind: 'choice', values: [1], when: { a: [1] } } }), { reason: 'bad_space', message: /back to itself/ });
});

/** Dixon and Szegö 1978; the smallest value is 0.397887. */
const branin: Parameters<typeof search>[2] = ({ x, y }) => {
  const [a, b] = [Number(x), Number(y)];
  return -((b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10);
};
const braninSpace: Space = { x: { kind: 'real', low: -5, high: 10 }, y: { kind: 'real', low: 0, high: 15 } };
/** Hartmann 1973 in three dimensions; the smallest value is -3.86278. */
const hartmann: Parameters<typeof search>[2] = (settings) => {
  const scales = [
    [3, 10, 30],
    [0.1, 10, 35],
    [3, 10, 30],
    [0.1, 10, 35],
  ];
  const centres = [
    [0.3689, 0.117, 0.2673],
    [0.4699, 0.4387, 0.747],
    [0.1091, 0.8732, 0.5547],
    [0.0381, 0.5743, 0.8828],
  ];
  const at = ['x', 'y', 'z'].map((name) => Number(settings[name]));
  return [1, 1.2, 3, 3.2].reduce(
    (sum, weight, i) => sum + weight * Math.exp(-at.reduce((far, place, d) => far + scales[i]![d]! * (place - centres[i]![d]!) ** 2, 0)),
    0,
  );
};
const cube: Space = Object.fromEntries(['x', 'y', 'z'].map((name) => [name, { kind: 'real', low: 0, high: 1 } as const]));

for (const [name, { given, judge, optimum }] of Object.entries({
  'Branin function': { given: braninSpace, judge: branin, optimum: -0.397887 },
  'Hartmann function': { given: cube, judge: hartmann, optimum: 3.86278 },
})) {
  test(`after 50 trials on the ${name} TPE is nearer to the optimum than chance, over seeds`, () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const regret = (method: SearchMethod): number =>
      seeds.reduce(
        (sum, seed) => sum + optimum - Math.max(...search({ space: given, method, seed }, 50, judge).map(({ value }) => value)),
        0,
      ) / seeds.length;
    const chance = regret({ kind: 'random' });
    for (const method of [methods['tpe']!, methods['multivariate tpe']!].map((one) => ({ ...one, startup: 10 }))) {
      const found = regret(method);
      assert.ok(found < chance * 0.7, `${JSON.stringify(method)}: ${found} beside ${chance}`);
    }
  });
}

test('trials that were carried further come first, then the better; without a number is worst', () => {
  const trial = (value: number, resource?: number): Trial => ({ settings: {}, value, ...(resource !== undefined && { resource }) });
  assert.deepEqual(
    ranked([trial(NaN, 9), trial(0.9, 3), trial(0.5, 9), trial(0.7, 9)]).map(({ value }) => value),
    [0.7, 0.5, NaN, 0.9],
  );
});

describe('successive halving', () => {
  test('rungs grow by eta and end with everything', () => {
    assert.deepEqual(rungsOf({ least: 1, most: 27 }), [1, 3, 9, 27]);
    assert.deepEqual(rungsOf({ least: 1, most: 10 }), [1, 3, 10]);
    assert.deepEqual(rungsOf({ least: 5, most: 5 }), [5]);
    assert.throws(() => rungsOf({ least: 0, most: 5 }), { reason: 'bad_halving' });
    assert.throws(() => rungsOf({ least: 1, most: 5, eta: 1 }), { reason: 'bad_halving' });
  });

  test('where better trials are better all the way, the best is never stopped, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(2, 3, 4),
        (qualities, eta) => {
          const rungs = rungsOf({ least: 1, most: 27, eta });
          const seen = rungs.map((): number[] => []);
          const survivors = qualities.filter((quality) =>
            rungs.every((resource, rung) => {
              const value = quality * (1 - 1 / (1 + resource));
              const stopped = shouldStop({ earlier: seen[rung]!, value, eta });
              seen[rung]!.push(value);
              return !stopped;
            }),
          );
          assert.ok(survivors.includes(Math.max(...qualities)));
        },
      ),
    );
  });

  test('of many trials in random order far from all are carried to the end', () => {
    const earlier: number[] = [];
    const kept = search({ space: braninSpace, method: { kind: 'random' }, seed: 3 }, 200, branin).filter(({ value }) => {
      const stopped = shouldStop({ earlier, value });
      earlier.push(value);
      return !stopped;
    });
    assert.ok(kept.length > 55 && kept.length < 85, String(kept.length));
  });

  test('the first few always go on; a trial that brings no number does not', () => {
    assert.equal(shouldStop({ earlier: [1], value: 0 }), false);
    assert.equal(shouldStop({ earlier: [1, 1], value: 0 }), true);
    assert.equal(shouldStop({ earlier: [], value: NaN }), true);
  });
});
