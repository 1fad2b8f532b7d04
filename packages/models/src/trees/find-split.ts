import type { FeatureBins } from './binned-table.ts';

export interface SplitOptions {
  /** L2 penalty on leaves. */
  readonly lambda: number;
  /** Rows that each side must hold. Estimated from its share of the second derivatives, as LightGBM does; exact for squared error. */
  readonly minRows: number;
  /** Second derivatives that each side must add up to. */
  readonly minWeight: number;
  readonly minGain: number;
}

/** Sums over rows: of first derivatives of the loss, of second, and how many. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** One feature's sums by bin, of which the first `bins` count. */
export interface BinSums {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

export interface Split {
  readonly feature: number;
  readonly gain: number;
  /** Of a number: bins from 1 to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Of a category: the bins that go left. */
  readonly codes: readonly number[];
  /** The penalty under which the leaves of this split are valued. */
  readonly lambda: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

/** Sorting by statistics of few rows overfits: categories below `smoothing` rows stay right, and their splits pay a penalty. LightGBM's values. */
const categoryRules = { smoothing: 10, lambda: 10, mostLeft: 32, fewCategories: 4 };

/** What one feature may be split by: its bins, their sums over a leaf's rows, and the sums of all of these. */
interface Candidate {
  readonly feature: number;
  readonly bins: FeatureBins;
  readonly sums: BinSums;
  readonly total: Sums;
}

export const findSplit = (candidate: Candidate, options: SplitOptions): Split | undefined =>
  (candidate.bins.kind === 'number' ? findThreshold : findCodes)(candidate, options);

type Find = (candidate: Candidate, options: SplitOptions) => Split | undefined;

/** By how much a leaf of these sums lowers the second-order estimate of the loss, times two (Chen and Guestrin 2016, equation 7). */
const score = (gradient: number, hessian: number, lambda: number): number => (gradient * gradient) / (hessian + lambda);

/** What every division is held against; the first of equals stays. The sides of some are valued under a `penalty` of their own. */
const createBest = ({ feature, total }: Candidate, { lambda, minRows, minWeight, minGain }: SplitOptions, penalty = lambda) => {
  const before = score(total.gradient, total.hessian, lambda);
  /** That many rows, rounded, or that much weight. */
  const least = Math.max(minWeight, ((minRows - 0.5) * total.hessian) / total.rows, Number.MIN_VALUE);
  let [gain, leftGradient, leftHessian] = [minGain, 0, 0];
  return {
    /** Whether it is the best so far. */
    offer: (gradient: number, hessian: number): boolean => {
      const rest = total.hessian - hessian;
      if (hessian < least || rest < least) return false;
      const found = score(gradient, hessian, penalty) + score(total.gradient - gradient, rest, penalty) - before;
      if (!(found > gain)) return false;
      gain = found;
      leftGradient = gradient;
      leftHessian = hessian;
      return true;
    },
    split: (how: Pick<Split, 'bin' | 'missingLeft' | 'codes'>): Split | undefined =>
      gain > minGain ? { feature, gain, leftGradient, leftHessian, lambda: penalty, ...how } : undefined,
  };
};

/** Every limit between bins that hold rows; with missing ones on the one side and on the other, and alone. */
const findThreshold: Find = (candidate, options) => {
  const { offer, split } = createBest(candidate, options);
  const { gradients, hessians } = candidate.sums;
  const [missingGradient, missingHessian] = [gradients[0]!, hessians[0]!];
  const someMissing = missingHessian !== 0 || missingGradient !== 0;
  const half = candidate.total.hessian / 2;
  let [gradient, hessian, best, missingLeft] = [0, 0, 0, false];
  for (let bin = 1; bin < candidate.bins.bins; bin++) {
    if (hessians[bin] === 0 && gradients[bin] === 0) continue;
    gradient += gradients[bin]!;
    hessian += hessians[bin]!;
    if (offer(gradient, hessian)) {
      best = bin;
      // Where none is missing in training, one that is missing later goes with the greater part.
      missingLeft = !someMissing && hessian > half;
    }
    if (someMissing && offer(gradient + missingGradient, hessian + missingHessian)) {
      best = bin;
      missingLeft = true;
    }
  }
  return split({ bin: best, missingLeft, codes: [] });
};

/**
 * The best division in two of ordered categories is found by sorting them by their mean gradient (Fisher 1958), here smoothed; then a prefix
 * from either end goes left. What is not named goes right, and so does a category that is met for the first time in prediction.
 */
const findCodes: Find = (candidate, options) => {
  const { bins, sums, total } = candidate;
  const { gradients, hessians } = sums;
  const { smoothing, lambda, mostLeft, fewCategories } = categoryRules;
  let present = 0;
  for (let code = 0; code < bins.bins; code++) if (hessians[code]! > 0) present++;
  if (present < 2) return undefined;
  const few = present <= fewCategories;
  const least = few ? Number.MIN_VALUE : ((smoothing - 0.5) * total.hessian) / total.rows;
  const order = sortedCodes(bins.bins, sums, { least, smoothing: few ? 0 : smoothing });
  const { offer, split } = createBest(candidate, options, options.lambda + (few ? 0 : lambda));
  // Where all are sorted and may be taken, what is taken from the end is what is left from the beginning.
  const ends = order.length === present && present <= mostLeft ? [false] : [false, true];
  let best = order.subarray(0, 0);
  for (const fromEnd of ends) {
    let [gradient, hessian] = [0, 0];
    for (let taken = 1; taken <= Math.min(order.length, mostLeft); taken++) {
      const code = order[fromEnd ? order.length - taken : taken - 1]!;
      gradient += gradients[code]!;
      hessian += hessians[code]!;
      if (offer(gradient, hessian)) best = fromEnd ? order.subarray(-taken) : order.subarray(0, taken);
    }
  }
  return best.length === 0 ? undefined : split({ bin: 0, missingLeft: false, codes: Array.from(best).sort((a, b) => a - b) });
};

/** Codes of at least so much weight, by their mean gradient, by insertion: they are few, and this is asked for every leaf. The result holds until the next call. */
const sortedCodes = (
  bins: number,
  { gradients, hessians }: BinSums,
  { least, smoothing }: { least: number; smoothing: number },
): Uint8Array => {
  let size = 0;
  for (let code = 0; code < bins; code++) {
    if (hessians[code]! < least) continue;
    const statistic = gradients[code]! / (hessians[code]! + smoothing);
    let at = size++;
    for (; at > 0 && statistics[at - 1]! > statistic; at--) {
      statistics[at] = statistics[at - 1]!;
      codes[at] = codes[at - 1]!;
    }
    statistics[at] = statistic;
    codes[at] = code;
  }
  return codes.subarray(0, size);
};
const codes = new Uint8Array(256);
const statistics = new Float64Array(256);
