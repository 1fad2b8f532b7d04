import { type Adam, adamNumbers, type Optimizer, type Sgd, sgdNumbers, type UpdateTerms } from '../optimizers.ts';

/** A parameter and its moments in float64. */
export interface Moments {
  readonly w: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** One update as the textbook has it: slow, in float64, what the kernels are held against. Changes w, m and v in place. */
export const referenceUpdate = (optimizer: Optimizer, arrays: Moments, g: Float64Array, terms: UpdateTerms): void =>
  optimizer.kind === 'sgd' ? descend(optimizer, arrays, g, terms) : adapt(optimizer, arrays, g, terms);

const adapt = (optimizer: Adam, { w, m, v }: Moments, g: Float64Array, terms: UpdateTerms): void => {
  const [scale, l2, shrink, beta1, rest1, beta2, rest2, rate, rootCorrection, eps] = adamNumbers(optimizer, terms) as TenNumbers;
  for (let i = 0; i < w.length; i++) {
    const grad = scale * g[i]! + l2 * w[i]!;
    m[i] = beta1 * m[i]! + rest1 * grad;
    v[i] = beta2 * v[i]! + rest2 * grad ** 2;
    w[i] = shrink * w[i]! - (rate * m[i]!) / (Math.sqrt(v[i]!) / rootCorrection + eps);
  }
};
type TenNumbers = readonly [number, number, number, number, number, number, number, number, number, number];

const descend = (optimizer: Sgd, { w, m }: Moments, g: Float64Array, terms: UpdateTerms): void => {
  const [scale, l2, momentum, ofGradient, ofVelocity, rate] = sgdNumbers(optimizer, terms) as SixNumbers;
  for (let i = 0; i < w.length; i++) {
    const grad = scale * g[i]! + l2 * w[i]!;
    m[i] = momentum * m[i]! + grad;
    w[i] = w[i]! - rate * (ofGradient * grad + ofVelocity * m[i]!);
  }
};
type SixNumbers = readonly [number, number, number, number, number, number];
