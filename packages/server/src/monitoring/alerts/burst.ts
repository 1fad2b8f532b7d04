/**
 * More than so many records within so long of event time. A span holds from the record that is one too many until the
 * first of them is that long ago; windows are half open, so records exactly `within` apart are not in one.
 */
export interface Burst {
  /** In order; no older than can matter. */
  times: number[];
  span: { from: number; until: number } | null;
}
export interface BurstRule {
  /** One too many. */
  readonly enough: number;
  readonly withinMs: number;
}
export const newBurst = (): Burst => ({ times: [], span: null });

/** A record, wherever in time it stands among the others. */
export const addToBurst = (burst: Burst, time: number, { enough, withinMs }: BurstRule): void => {
  const { times } = burst;
  const at = placeOf(times, time);
  times.splice(at, 0, time);
  for (let first = Math.max(0, at - enough + 1); first <= at && first + enough <= times.length; first += 1) {
    const from = times[first + enough - 1]!;
    const until = times[first]! + withinMs;
    if (from < until) burst.span = joined(burst.span, { from, until });
  }
};

/** Two spans that meet are one. Of two apart the later one counts, for it is the one that may go on. */
const joined = (before: Burst['span'], more: { from: number; until: number }): NonNullable<Burst['span']> => {
  if (!before || more.from > before.until) return more;
  if (more.until < before.from) return before;
  return { from: Math.min(before.from, more.from), until: Math.max(before.until, more.until) };
};

/** Forgets what no record to come can stand in a window with. */
export const pruneBurst = (burst: Burst, { watermark, withinMs }: { watermark: number; withinMs: number }): void => {
  // While a span holds, windows that end before it does add nothing to it.
  const oldest = Math.max(watermark - withinMs, burst.span ? burst.span.until - withinMs : -Infinity);
  const kept = placeOf(burst.times, oldest - 1);
  if (kept > 0) burst.times.splice(0, kept);
};

/** Where a time goes: behind its equals. */
const placeOf = (times: readonly number[], time: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
};
