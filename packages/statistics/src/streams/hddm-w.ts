import { demandFraction } from '../sequential/demands.ts';
import { alarmed, demandShare, type Detector, quiet, warned, watch } from './detector.ts';
import type { HddmOptions } from './hddm-a.ts';

export interface HddmWOptions extends HddmOptions {
  /** Weight of the newest value. */
  readonly lambda?: number;
}

/** An exponentially weighted mean, and the sum of its squared weights. */
interface Weighted {
  readonly mean: number;
  readonly weights: number;
}

/** The weighted mean where its bound was most extreme, and what came after it. */
interface Split {
  readonly before: Weighted;
  readonly after: Weighted | null;
}

export interface HddmWForm extends Required<HddmWOptions> {
  readonly detector: 'hddm-w';
  all: Weighted | null;
  lowest: Split | null;
  highest: Split | null;
}

/**
 * HDDM with weighted averages, on values from 0 to 1, the newest counting most: keeps the moment at which the weighted mean plus its
 * bound √(D ln(1/δ)/2), D the sum of squared weights, was lowest, and compares it with the weighted mean of what came since.
 * Source: Frías-Blanco and others 2015 (McDiarmid's bound). Memory is constant. False alarms measured on stationary
 * Bernoulli(.1), one-sided: .25 % of streams of 10 000 values. Small or slow rises escape it. RangeError for values outside 0 to 1.
 */
export const createHddmW = ({
  alarm = 0.001,
  warning = 0.005,
  lambda = 0.05,
  twoSided = false,
}: HddmWOptions = {}): Detector<HddmWForm> => {
  demandFraction('alarm', alarm);
  demandFraction('warning', warning);
  demandFraction('lambda', lambda);
  return hddmWFrom({ detector: 'hddm-w', alarm, warning, lambda, twoSided, ...nothing });
};

const nothing = { all: null, lowest: null, highest: null };

export const hddmWFrom = (form: HddmWForm): Detector<HddmWForm> => watch(form, { fresh: () => ({ ...form, ...nothing }), step });

const step = (state: HddmWForm, value: number) => {
  demandShare('HDDM', value);
  const { lambda } = state;
  const all = weighed(state.all, value, lambda);
  const bound = ({ weights }: Weighted) => Math.sqrt((weights * Math.log(1 / state.alarm)) / 2);
  const { lowest, highest } = state;
  state.all = all;
  if (lowest === null || all.mean + bound(all) < lowest.before.mean + bound(lowest.before)) state.lowest = { before: all, after: null };
  else state.lowest = { ...lowest, after: weighed(lowest.after, value, lambda) };
  if (highest === null || all.mean - bound(all) > highest.before.mean - bound(highest.before)) state.highest = { before: all, after: null };
  else state.highest = { ...highest, after: weighed(highest.after, value, lambda) };
  const hasMoved = (level: number) => rise(state.lowest!, level) > 0 || (state.twoSided && fall(state.highest!, level) > 0);
  if (hasMoved(state.alarm)) return alarmed;
  return hasMoved(state.warning) ? warned : quiet;
};

const weighed = (so: Weighted | null, value: number, lambda: number): Weighted =>
  so === null
    ? { mean: value + 0, weights: 1 }
    : { mean: lambda * value + (1 - lambda) * so.mean, weights: lambda * lambda + (1 - lambda) ** 2 * so.weights };

/** How far the mean since then is above the bound. */
const rise = ({ before, after }: Split, level: number): number =>
  after === null ? 0 : after.mean - before.mean - limit(before, after, level);
const fall = ({ before, after }: Split, level: number): number =>
  after === null ? 0 : before.mean - after.mean - limit(before, after, level);
const limit = (a: Weighted, b: Weighted, level: number): number => Math.sqrt(((a.weights + b.weights) * Math.log(1 / level)) / 2);
