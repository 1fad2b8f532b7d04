export type Range = readonly [low: number, high: number];

/** Where a value lies between two ends, as a place between two others. */
export const scaleOf =
  ([low, high]: Range, [from, to]: Range) =>
  (value: number): number =>
    high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from);

/** Round numbers within a range: steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export const ticksOf = ([low, high]: Range, count: number): number[] => {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Multiplied, not added up: 0.1 + 0.2 is not 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};

/** The range of what is there, with some air; undefined where nothing is. */
export const rangeOf = (values: Iterable<number | null>, air = 0): Range | undefined => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return undefined;
  const margin = (high - low) * air;
  return [low - margin, high + margin];
};

/** A share of the way, kept within it: for what is drawn in percent of a width not known. */
export const placeOf = (range: Range, value: number): number => Math.min(1, Math.max(0, scaleOf(range, [0, 1])(value)));
