/** A line to draw: a point without a value is a gap, and is never joined over. */
export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** A place in the palette. The dash differs with it, so that lines are told apart in grey. */
  readonly color: number;
  /** The line as it was logged, behind a smoothed one: pale, and not in the legend. */
  readonly isPale?: boolean;
}
/** The middle of many lines, with what lies around it. */
export interface Band {
  readonly x: readonly number[];
  readonly low: readonly (number | null)[];
  readonly middle: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [1, 4]];
export const dashOf = (color: number): number[] => [...dashes[color % dashes.length]!];
export const inkOf = (color: number): string => `--b-series-${color % dashes.length}`;

/**
 * One axis for all curves, and each curve's values along it: `undefined` where only others have a point, which a line passes over, and null
 * where there is a gap. An axis names a place as often as the curve that has most points there.
 */
export const aligned = (curves: readonly Pick<Curve, 'x' | 'y'>[]): { x: number[]; y: (number | null | undefined)[][] } => {
  const most = new Map<number, number>();
  for (const { x } of curves) for (const [at, count] of countsOf(x)) most.set(at, Math.max(count, most.get(at) ?? 0));
  const places = [...most].sort(([a], [b]) => a - b);
  const first = new Map<number, number>();
  let length = 0;
  for (const [at, count] of places) {
    first.set(at, length);
    length += count;
  }
  const y = curves.map((curve) => {
    const values: (number | null | undefined)[] = Array.from({ length });
    let before: number | undefined;
    let repeat = 0;
    curve.x.forEach((at, i) => {
      repeat = at === before ? repeat + 1 : 0;
      before = at;
      values[first.get(at)! + repeat] = curve.y[i];
    });
    return values;
  });
  return { x: places.flatMap(([at, count]) => Array.from({ length: count }, () => at)), y };
};

const countsOf = (x: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const at of x) counts.set(at, (counts.get(at) ?? 0) + 1);
  return counts;
};

/** An axis by powers has no place for zero and below: these are gaps, and counted. */
export const positive = (y: readonly (number | null)[]): { y: (number | null)[]; hidden: number } => {
  let hidden = 0;
  const kept = y.map((value) => {
    if (value === null || value > 0) return value;
    hidden++;
    return null;
  });
  return { y: kept, hidden };
};

/** The value of a curve at a place, where it has a point within `reach`; undefined where it has none, null in a gap. */
export const valueAt = ({ x, y }: Pick<Curve, 'x' | 'y'>, at: number, reach: number): number | null | undefined => {
  const near = nearestTo(x, at);
  return near === undefined || Math.abs(x[near]! - at) > reach ? undefined : y[near];
};

/** By halves, for it is asked with every move of a pointer. */
export const nearestTo = (x: readonly number[], at: number): number | undefined => {
  if (x.length === 0) return undefined;
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - x[low - 1]! <= x[low]! - at ? low - 1 : low;
};

/** At each of so many places the median of the curves that are drawn there, and what 80 % of them lie between. */
export const bandOf = (curves: readonly Pick<Curve, 'x' | 'y'>[], places = 200): Band => {
  const ends = curves.flatMap(({ x }) => (x.length > 0 ? [x[0]!, x.at(-1)!] : []));
  if (ends.length === 0) return { x: [], low: [], middle: [], high: [] };
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const step = (to - from) / (places - 1) || 1;
  const x = to === from ? [from] : Array.from({ length: places }, (_, i) => from + i * step);
  const at = x.map((place) => curves.flatMap((curve) => valueBetween(curve, place) ?? []).sort((a, b) => a - b));
  const share = (q: number) => at.map((values) => quantile(values, q));
  return { x, low: share(0.1), middle: share(0.5), high: share(0.9) };
};

/** On the line between the two points around a place; nothing outside of the line and in its gaps. */
const valueBetween = ({ x, y }: Pick<Curve, 'x' | 'y'>, at: number): number | undefined => {
  const near = nearestTo(x, at);
  if (near === undefined || at < x[0]! || at > x.at(-1)!) return undefined;
  const before = x[near]! > at ? near - 1 : near;
  const after = x[before] === at ? before : before + 1;
  const [a, b] = [y[before], y[after]];
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  return after === before ? a : a + ((b - a) * (at - x[before]!)) / (x[after]! - x[before]!);
};

const quantile = (sorted: readonly number[], q: number): number | null => {
  if (sorted.length === 0) return null;
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
};
