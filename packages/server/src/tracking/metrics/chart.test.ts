import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawing } from './chart.ts';
import { byStep, inOrder, type Point } from './metric-point.ts';
import { thinned } from './sample.ts';

const aPoint = fc.record({
  step: fc.integer({ min: -500, max: 500 }),
  time: fc.constantFrom(0, 1),
  value: fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(Number.NaN, Infinity, -Infinity)).map((value) => value + 0),
});
const draw = (parts: readonly (readonly Point[])[], range: { from: number; to: number }, points: number): Point[] => {
  const drawn = drawing({ ...range, placeOf: ({ step }) => Number(step), points, along: 'step' });
  for (const part of parts) drawn.add(part);
  return drawn.done();
};

test('a chart has few points, all of them logged, with the first, the last, the lowest and the highest of its range', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(aPoint, { maxLength: 300 }), { maxLength: 5 }),
      fc.tuple(fc.integer({ min: -600, max: 600 }), fc.integer({ min: -600, max: 600 })),
      fc.integer({ min: 10, max: 60 }),
      (parts, ends, points) => {
        const [from, to] = [Math.min(...ends), Math.max(...ends)];
        const all = inOrder(
          parts.flat().filter(({ step }) => step >= from && step <= to),
          byStep,
        );
        const drawn = draw(parts, { from, to }, points);
        assert.deepEqual(inOrder(drawn, byStep), drawn);
        assert.ok(drawn.length <= points);
        if (all.length <= points) return assert.deepEqual(drawn, all);
        for (const point of drawn) assert.ok(all.some((one) => byStep(one, point) === 0));
        assert.deepEqual([drawn[0], drawn.at(-1)], [all[0], all.at(-1)]);
        const numbers = (some: readonly Point[]) => some.map(({ value }) => value).filter((value) => !Number.isNaN(value));
        for (const end of [Math.min, Math.max]) assert.equal(end(...numbers(drawn)), end(...numbers(all)));
      },
    ),
  );
});

test('a peak among a hundred thousand points is drawn, and a gap of NaN as one', () => {
  const points = Array.from({ length: 100_000 }, (_, step) => ({
    step,
    time: step,
    value: step === 77_777 ? 1e6 : step > 50_000 && step < 60_000 ? Number.NaN : Math.sin(step / 1000),
  }));
  const drawn = draw([points.slice(40_000), points.slice(0, 40_000)], { from: 0, to: 99_999 }, 320);
  assert.ok(drawn.length <= 320 && drawn.length > 280);
  assert.ok(drawn.some(({ value }) => value === 1e6));
  const gap = drawn.filter(({ value }) => Number.isNaN(value));
  assert.ok(gap.length > 10 && gap.every(({ step }) => step > 50_000 && step < 60_000));
});

test('a drawing knows how many points it was made of', () => {
  const drawn = drawing({ from: 10, to: 9999, placeOf: ({ step }) => Number(step), points: 320, along: 'step' });
  drawn.add(Array.from({ length: 10_000 }, (_, step) => ({ step, time: 0, value: step })));
  assert.equal(drawn.within(), 9990);
});

test('a narrow range shows all of its points', () => {
  const points = Array.from({ length: 10_000 }, (_, step) => ({ step, time: 0, value: step }));
  assert.deepEqual(draw([points, points], { from: 5000, to: 5299 }, 320), points.slice(5000, 5300));
});

test('thinned steps lie evenly, begin with the first, and end with the last', () => {
  const steps = (count: number) => Array.from({ length: count }, (_, i) => i);
  assert.deepEqual(thinned(steps(10), 5), [0, 2, 4, 6, 8, 9]);
  assert.deepEqual(thinned(steps(20), 5), [0, 4, 8, 12, 16, 19]);
  assert.deepEqual(thinned(steps(5), 5), steps(5));
  assert.deepEqual(thinned([], 5), []);
});
