import { invalid, type Metric } from '@boucle/contract';

/** A whole number of 64 bits; a bigint only where a number would not be exact. */
export type Step = number | bigint;
/** One value of a metric; all NaN are one, and -0 is 0. */
export interface Point {
  readonly step: Step;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: number;
}
export interface MetricPoint extends Point {
  readonly key: string;
}

export const pointOf = ({ key, value, step = 0, time }: Metric, now: number): MetricPoint => {
  const at = time ?? now;
  const exact = typeof step === 'string' ? stepOf(BigInt(step)) : step;
  if (!Number.isSafeInteger(at) || !isStep(exact)) {
    const message = `Metric "${key}": time and step have to be integers below 2^53; as a text, a step may have 64 bits`;
    throw invalid(message, 'number_too_large', { key });
  }
  return { key, step: exact, time: at, value: Number(value) + 0 };
};
const isStep = (step: Step): boolean => (typeof step === 'bigint' ? BigInt.asIntN(64, step) === step : Number.isSafeInteger(step));
export const stepOf = (exact: bigint): Step => (Number.isSafeInteger(Number(exact)) ? Number(exact) : exact);

/** A point as it travels: a step beyond 2^53 as text, and NaN and the infinities too, which JSON does not have. */
export const pointOnWire = ({ step, time, value }: Point) => ({
  value: realOf(value),
  step: typeof step === 'bigint' ? String(step) : step,
  time,
});
export const realOf = (value: number): Metric['value'] => {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
};

export type Order = (a: Point, b: Point) => number;
/** NaN comes after every number. */
const byValue = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b)));
const bySteps = (a: Step, b: Step): number => (a < b ? -1 : a > b ? 1 : 0);
/** By step, then time, then value: a run's last point of a key is its latest. */
export const byStep: Order = (a, b) => bySteps(a.step, b.step) || a.time - b.time || byValue(a.value, b.value);
export const byTime: Order = (a, b) => a.time - b.time || bySteps(a.step, b.step) || byValue(a.value, b.value);

/** Each point once, in order. */
export const inOrder = (points: readonly Point[], order: Order): Point[] => {
  const sorted = points.toSorted(order);
  return sorted.filter((point, i) => i === 0 || order(sorted[i - 1]!, point) !== 0);
};
