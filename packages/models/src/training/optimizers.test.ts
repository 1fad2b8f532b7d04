import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { createKernels, createMemory } from './kernels/kernels.ts';
import { adam, adamNumbers, adamW, type Optimizer, sgd, sgdNumbers, type UpdateTerms } from './optimizers.ts';
import { referenceUpdate } from './testing/update-reference.ts';

const memory = createMemory(1);
const kernels = createKernels(memory);
const room = 1024;
/** Four arrays in the kernel's memory: w, g, m, v. */
const arrays = [0, 1, 2, 3].map((i) => new Float32Array(memory.buffer, 4 * room * i, room));
const update = (optimizer: Optimizer, count: number, terms: UpdateTerms): void => {
  const [w, g, m, v] = [0, 1, 2, 3].map((i) => 4 * room * i) as [number, number, number, number];
  if (optimizer.kind === 'sgd') kernels.sgd(w, g, m, count, ...sgdNumbers(optimizer, terms));
  else kernels.adam(w, g, m, v, count, ...adamNumbers(optimizer, terms));
};

const optimizer = fc.constantFrom<Optimizer>(
  sgd({ lr: 0.1 }),
  sgd({ lr: 0.1, momentum: 0.9, weightDecay: 0.1 }),
  sgd({ lr: 0.1, momentum: 0.9, nesterov: true }),
  adam({ lr: 0.01, weightDecay: 0.1 }),
  adamW({ lr: 0.01, weightDecay: 0.1, betas: [0.8, 0.99] }),
);

test('the kernels do what the reference does, for every count of elements, and touch nothing behind them', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 37 });
  const terms = fc.record({
    scale: fc.constantFrom(1, 0.25),
    rate: fc.constantFrom(0.1, 0.003),
    weightDecay: fc.constantFrom(0, 0.1),
    update: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(optimizer, numbers, terms, (one, values, how) => {
      const start = values.map(Math.fround);
      const reference = { w: start, g: start.map((x) => Math.sin(7 * x)), m: start.map((x) => x / 9), v: start.map((x) => x * x) };
      const wide = Object.values(reference).map((array) => Float64Array.from(array)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      for (const [i, array] of arrays.entries()) {
        array.fill(42);
        array.set(wide[i]!);
      }
      update(one, start.length, how);
      const [w, g, m, v] = wide;
      referenceUpdate(one, { w, m, v }, g, how);
      for (const [i, array] of arrays.entries()) {
        for (const [j, value] of wide[i]!.entries()) assert.ok(Math.abs(array[j]! - value) <= 1e-5 * (1 + Math.abs(value)), `${i} ${j}`);
        assert.ok(array.subarray(start.length).every((value) => value === 42));
      }
    }),
  );
});

interface Golden {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly weights: readonly (readonly number[])[];
}
const golden = JSON.parse(readFileSync(new URL('optimizers.golden.json', import.meta.url), 'utf8')) as {
  start: number[];
  gradients: number[][];
  runs: Golden[];
};

for (const { name, optimizer: one, weights } of golden.runs) {
  test(`${name} walks with PyTorch for 20 updates`, () => {
    const { start, gradients } = golden;
    const { lr: rate, weightDecay } = one;
    const wide = { w: Float64Array.from(start), m: new Float64Array(start.length), v: new Float64Array(start.length) };
    const [w, g, m, v] = arrays as [Float32Array, Float32Array, Float32Array, Float32Array];
    w.set(start);
    m.fill(0);
    v.fill(0);
    for (const [i, gradient] of gradients.entries()) {
      const terms = { scale: 1, rate, weightDecay, update: i + 1 };
      referenceUpdate(one, wide, Float64Array.from(gradient), terms);
      g.set(gradient);
      update(one, start.length, terms);
      for (const [j, value] of weights[i]!.entries()) {
        assert.ok(Math.abs(wide.w[j]! - value) < 1e-13, `reference, update ${i + 1}`);
        assert.ok(Math.abs(w[j]! - value) < 2e-6, `kernel, update ${i + 1}`);
      }
    }
  });
}

test('the norm kernel sums in float64, in any length, and shows what is not finite', () => {
  const [w] = arrays as [Float32Array];
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 }), (values) => {
      w.set(values);
      const sum = values.reduce((total, value) => total + value ** 2, 0);
      assert.ok(Math.abs(kernels.sumSquares(0, values.length) - sum) <= 1e-13 * sum);
    }),
  );
  for (const [at, value] of [
    [2, Number.NaN],
    [6, Number.POSITIVE_INFINITY],
    [4, Number.NaN],
  ] as const) {
    w.fill(1, 0, 7)[at] = value;
    assert.ok(!Number.isFinite(kernels.sumSquares(0, 7)));
  }
});

test('settings that make no sense are refused by name', () => {
  for (const make of [
    () => adam({ lr: -1 }),
    () => adam({ lr: Number.NaN }),
    () => adam({ lr: 1, betas: [0.9, 1] }),
    () => adamW({ lr: 1, eps: 0 }),
    () => sgd({ lr: 1, momentum: 1 }),
    () => sgd({ lr: 1, nesterov: true }),
  ]) {
    assert.throws(make, { code: 'invalid_request', reason: 'bad_option' });
  }
});
