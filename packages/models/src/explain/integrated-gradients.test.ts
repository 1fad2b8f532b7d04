import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type GradientAt, integratedGradients } from './integrated-gradients.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** F(x) = Σ sigmoid(3xᵢ) xⱼ over neighbours, and its gradient. */
const wavy: GradientAt = async (points) => {
  const s = (x: number): number => 1 / (1 + Math.exp(-3 * x));
  const outputs = points.map((x) => sum(Array.from(x, (xi, i) => s(xi) * x[(i + 1) % x.length]!)));
  const gradients = points.map((x) =>
    x.map((xi, i) => 3 * s(xi) * (1 - s(xi)) * x[(i + 1) % x.length]! + s(x[(i + x.length - 1) % x.length]!)),
  );
  return { outputs, gradients };
};

test('integrated gradients are complete for any input, within the tolerance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 6 }), async (values) => {
      const input = Float32Array.from(values);
      const found = await integratedGradients({ input, baseline: new Float32Array(input.length), gradientAt: wavy, tolerance: 1e-4 });
      near(found.output, found.baselineOutput + sum([...found.contributions]) + found.gap);
      assert.ok(Math.abs(found.gap) <= 1e-4 * Math.max(0.01, Math.abs(found.output - found.baselineOutput)) || found.steps === 256);
    }),
    { numRuns: 100 },
  );
});

test('of a linear function they are weight times value, from the fewest points', async () => {
  const weights = [2, -3, 0.5];
  const gradientAt: GradientAt = async (points) => ({
    outputs: points.map((x) => 1 + sum(weights.map((w, i) => w * x[i]!))),
    gradients: points.map(() => Float32Array.from(weights)),
  });
  const { contributions, steps, gap } = await integratedGradients({
    input: Float32Array.of(1, 2, 4),
    baseline: new Float32Array(3),
    gradientAt,
  });
  [2, -6, 2].forEach((expected, i) => near(contributions[i]!, expected));
  assert.equal(steps, 16);
  near(gap, 0);
});

test('a jump takes more points, up to the limit, and what is missing is reported', async () => {
  const steep: GradientAt = async (points) => {
    const s = (x: number): number => 1 / (1 + Math.exp(-2000 * (x - 0.777)));
    return {
      outputs: points.map((x) => s(x[0]!)),
      gradients: points.map((x) => Float32Array.of(2000 * s(x[0]!) * (1 - s(x[0]!)))),
    };
  };
  const found = await integratedGradients({ input: Float32Array.of(1), baseline: Float32Array.of(0), gradientAt: steep, maxSteps: 64 });
  assert.equal(found.steps, 64);
  assert.ok(Math.abs(found.gap) > 0.01);
});
