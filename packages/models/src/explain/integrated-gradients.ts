import { gaussLegendre } from './gauss-legendre.ts';

/** A function's output, and its gradient, at several points at once. */
export type GradientAt = (points: readonly Float32Array[]) => Promise<{
  readonly outputs: ArrayLike<number>;
  /** By point, of its length. */
  readonly gradients: readonly Float32Array[];
}>;

export interface Integration {
  readonly input: Float32Array;
  /** Where nothing is said yet, of the input's length. */
  readonly baseline: Float32Array;
  readonly gradientAt: GradientAt;
  /** How much of the difference between the two outputs may be left unexplained; see `Attribution.gap`. */
  readonly tolerance?: number;
  /** Points on the straight line, at most. */
  readonly maxSteps?: number;
  /** Points that are asked for at once. */
  readonly batch?: number;
}
export interface Attribution {
  readonly output: number;
  readonly baselineOutput: number;
  /** What each value of the input adds: output = baselineOutput + their sum + gap. */
  readonly contributions: Float64Array;
  /** What the integral misses of completeness. */
  readonly gap: number;
  /** Points in the last, finest integral. */
  readonly steps: number;
}

const firstSteps = 16;
/** Differences smaller than this are no differences: the tolerance is no share of less. */
const leastDifference = 0.01;

/**
 * Integrated gradients: contribution i = (xᵢ - x'ᵢ) ∫₀¹ ∂F/∂xᵢ(x' + α(x - x')) dα, by Gauss and Legendre's rule. Contributions sum to
 * F(x) - F(x'); what a finite number of points leaves of that is the gap. Points are doubled until |gap| is at most `tolerance` of the
 * difference, or there would be more than `maxSteps`.
 * Source: Sundararajan, Taly, Yan 2017, sections 3 and 5. RangeError for lengths that differ.
 */
export const integratedGradients = async ({
  input,
  baseline,
  gradientAt,
  tolerance = 0.01,
  maxSteps = 256,
  batch = 16,
}: Integration): Promise<Attribution> => {
  if (input.length !== baseline.length) throw new RangeError(`The input has ${input.length} values, the baseline ${baseline.length}`);
  const { outputs } = await gradientAt([input, baseline]);
  const [output, baselineOutput] = [outputs[0]!, outputs[1]!];
  const allowed = tolerance * Math.max(leastDifference, Math.abs(output - baselineOutput));
  for (let steps = Math.min(firstSteps, maxSteps); ; steps = Math.min(2 * steps, maxSteps)) {
    const contributions = await integrate({ input, baseline, gradientAt, steps, batch });
    const gap = output - baselineOutput - contributions.reduce((a, b) => a + b, 0);
    if (Math.abs(gap) <= allowed || steps === maxSteps) return { output, baselineOutput, contributions, gap, steps };
  }
};

const integrate = async ({
  input,
  baseline,
  gradientAt,
  steps,
  batch,
}: Pick<Integration, 'input' | 'baseline' | 'gradientAt'> & { steps: number; batch: number }): Promise<Float64Array> => {
  const { points, weights } = gaussLegendre(steps);
  const sums = new Float64Array(input.length);
  for (let start = 0; start < steps; start += batch) {
    const alphas = points.subarray(start, start + batch);
    const between = Array.from(alphas, (alpha) => input.map((x, i) => baseline[i]! + alpha * (x - baseline[i]!)));
    const { gradients } = await gradientAt(between);
    for (const [k, gradient] of gradients.entries()) {
      const weight = weights[start + k]!;
      for (let i = 0; i < sums.length; i++) sums[i]! += weight * gradient[i]!;
    }
  }
  return sums.map((sum, i) => sum * (input[i]! - baseline[i]!));
};
