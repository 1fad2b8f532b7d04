/** p = 1 / (1 + exp(slope · score + offset)); a falling slope belongs to scores that grow with the probability. */
export interface PlattModel {
  readonly kind: 'platt';
  readonly slope: number;
  readonly offset: number;
}

/**
 * A logistic curve from scores to probabilities, by Newton's method with backtracking on the log-likelihood.
 * The targets are (N₊ + 1)/(N₊ + 2) for positive rows and 1/(N₋ + 2) for the others, so that separable scores have a finite slope.
 * Source: Platt 1999; Lin, Lin, Weng 2007, algorithm 1. RangeError for no rows, unequal lengths or a score beyond ±1e150.
 */
export const fitPlatt = ({ scores, positive }: { scores: ArrayLike<number>; positive: ArrayLike<boolean> }): PlattModel => {
  const n = scores.length;
  if (n === 0 || positive.length !== n)
    throw new RangeError(`${n} scores and ${positive.length} outcomes; give as many of each, at least one`);
  for (let i = 0; i < n; i++)
    if (!(Math.abs(scores[i]!) <= 1e150)) throw new RangeError(`The score of row ${i} is not a number within ±1e150`);
  // Scores of any unit: the Newton steps are taken where they have mean 0 and deviation 1.
  const centre = meanOf(n, (i) => scores[i]!);
  const scale = Math.sqrt(meanOf(n, (i) => (scores[i]! - centre) ** 2)) || 1;
  const positives = Math.round(n * meanOf(n, (i) => (positive[i] ? 1 : 0)));
  const rows: Rows = {
    x: Float64Array.from({ length: n }, (_, i) => (scores[i]! - centre) / scale),
    target: Float64Array.from({ length: n }, (_, i) => (positive[i] ? (positives + 1) / (positives + 2) : 1 / (n - positives + 2))),
  };
  const [slope, offset] = descend(rows, [0, Math.log((n - positives + 1) / (positives + 1))]);
  return { kind: 'platt', slope: slope / scale, offset: offset - (slope * centre) / scale };
};

/** The probability at a score. RangeError for a score that is not finite. */
export const applyPlatt = ({ slope, offset }: PlattModel, score: number): number => {
  if (!Number.isFinite(score)) throw new RangeError(`A score is a finite number, not ${score}`);
  return logistic(slope * score + offset);
};

interface Rows {
  readonly x: Float64Array;
  readonly target: Float64Array;
}
type Line = readonly [slope: number, offset: number];

const meanOf = (n: number, at: (i: number) => number): number => {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (at(i) - mean) / (i + 1);
  return mean;
};

/** 1/(1 + eᶻ), in the form that does not overflow. */
const logistic = (z: number): number => (z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z)));

const loss = ({ x, target }: Rows, [slope, offset]: Line): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const z = slope * x[i]! + offset;
    // t z + ln(1 + e⁻ᶻ), without overflow on either side.
    sum += (z >= 0 ? target[i]! : target[i]! - 1) * z + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return sum;
};

const descend = (rows: Rows, start: Line): Line => {
  let line = start;
  let value = loss(rows, line);
  for (let round = 0; round < 100; round++) {
    const { gradient, step } = newtonStep(rows, line);
    if (Math.abs(gradient[0]) < 1e-9 && Math.abs(gradient[1]) < 1e-9) break;
    const slope = gradient[0] * step[0] + gradient[1] * step[1];
    let size = 1;
    let next = line;
    let after = value;
    for (; size >= 1e-10; size /= 2) {
      next = [line[0] + size * step[0], line[1] + size * step[1]];
      after = loss(rows, next);
      if (after < value + 1e-4 * size * slope) break;
    }
    // No step is downhill any more: this is as far as doubles go.
    if (size < 1e-10) break;
    line = next;
    value = after;
  }
  return line;
};

const newtonStep = ({ x, target }: Rows, [slope, offset]: Line): { gradient: Line; step: Line } => {
  // A little on the diagonal keeps the matrix invertible where all scores are equal.
  let [h11, h22, h12, g1, g2] = [1e-12, 1e-12, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const p = logistic(slope * x[i]! + offset);
    const weight = p * (1 - p);
    h11 += x[i]! * x[i]! * weight;
    h22 += weight;
    h12 += x[i]! * weight;
    g1 += x[i]! * (target[i]! - p);
    g2 += target[i]! - p;
  }
  const determinant = h11 * h22 - h12 * h12;
  return { gradient: [g1, g2], step: [-(h22 * g1 - h12 * g2) / determinant, -(h11 * g2 - h12 * g1) / determinant] };
};
