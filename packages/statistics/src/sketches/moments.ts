import { createByteReader, createByteWriter } from './bytes.ts';

export interface MomentsForm {
  readonly kind: 'moments';
  readonly version: 1;
  readonly count: number;
  readonly mean: number;
  /** The sum of squared distances from the mean. */
  readonly squares: number;
  readonly min: number | null;
  readonly max: number | null;
}

/** In the unit of the values, the variance in its square. Null where there are too few values: variance and deviation need two. */
export interface MomentsSummary {
  readonly count: number;
  readonly mean: number | null;
  readonly variance: number | null;
  readonly deviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface Moments {
  /** RangeError for NaN, infinities and values beyond ±1e150, whose squares no number holds: count those apart. */
  readonly add: (value: number) => void;
  readonly addAll: (values: Iterable<number>) => void;
  readonly summary: () => MomentsSummary;
  /** A new one over both lots of values; neither changes. */
  readonly mergedWith: (other: Moments) => Moments;
  readonly toJSON: () => MomentsForm;
  readonly toBytes: () => Uint8Array;
}

/**
 * Count, mean, variance (divisor n - 1), minimum and maximum in one pass and constant space, without the cancellation of Σx² - (Σx)²/n.
 * Adding: δ = x - mean, mean += δ/n, squares += δ(x - mean). Merging: squares = s₁ + s₂ + δ² n₁n₂/n, δ the difference of the means.
 * Source: Welford 1962; Chan, Golub, LeVeque 1979, equations 2.1. Merging is commutative exactly, associative but for rounding.
 */
export const createMoments = (): Moments => over(nothing);

/** RangeError for a form that is no `Moments`. */
export const momentsFrom = (form: MomentsForm | Uint8Array): Moments => over(form instanceof Uint8Array ? read(form) : check(form));

const nothing: MomentsForm = { kind: 'moments', version: 1, count: 0, mean: 0, squares: 0, min: null, max: null };

const over = (form: MomentsForm): Moments => {
  let { count, mean, squares } = form;
  let min = form.min ?? Infinity;
  let max = form.max ?? -Infinity;
  const add = (value: number): void => {
    if (!(Math.abs(value) <= 1e150)) throw new RangeError(`Moments are of finite numbers within ±1e150, not of ${value}; count it apart`);
    count++;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
    if (value < min) min = value + 0;
    if (value > max) max = value + 0;
  };
  const toJSON = (): MomentsForm => (count === 0 ? nothing : { kind: 'moments', version: 1, count, mean, squares, min, max });
  return {
    add,
    addAll: (values) => {
      for (const value of values) add(value);
    },
    summary: () => {
      const variance = count < 2 ? null : squares / (count - 1);
      const deviation = variance === null ? null : Math.sqrt(variance);
      return count === 0
        ? { count, mean: null, variance, deviation, min: null, max: null }
        : { count, mean, variance, deviation, min, max };
    },
    mergedWith: (other) => over(merge(toJSON(), other.toJSON())),
    toJSON,
    toBytes: () => write(toJSON()),
  };
};

const merge = (a: MomentsForm, b: MomentsForm): MomentsForm => {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  return {
    ...nothing,
    count,
    mean: (a.count * a.mean + b.count * b.mean) / count,
    squares: a.squares + b.squares + (b.mean - a.mean) ** 2 * ((a.count * b.count) / count),
    min: Math.min(a.min!, b.min!),
    max: Math.max(a.max!, b.max!),
  };
};

const check = (form: MomentsForm): MomentsForm => {
  const numbers = form.count === 0 ? [form.mean, form.squares] : [form.mean, form.squares, form.min, form.max];
  if (form.kind !== 'moments' || form.version !== 1 || !Number.isSafeInteger(form.count) || !numbers.every(Number.isFinite)) {
    throw new RangeError('This is no form of moments; keep what toJSON() gave unchanged');
  }
  return form;
};

const write = ({ count, mean, squares, min, max }: MomentsForm): Uint8Array => {
  const to = createByteWriter('moments');
  to.whole(count);
  for (const value of count === 0 ? [] : [mean, squares, min!, max!]) to.float(value);
  return to.done();
};

const read = (bytes: Uint8Array): MomentsForm => {
  const from = createByteReader('moments', bytes);
  const count = from.whole();
  const form =
    count === 0 ? nothing : { ...nothing, count, mean: from.float(), squares: from.float(), min: from.float(), max: from.float() };
  from.done();
  return check(form);
};
