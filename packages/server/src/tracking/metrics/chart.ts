import { byStep, byTime, inOrder, type Point } from './metric-point.ts';

interface Drawing {
  readonly placeOf: (point: Point) => number;
  readonly from: number;
  readonly to: number;
  /** How many points there may be. */
  readonly points: number;
  readonly along: 'step' | 'time';
}
interface Bucket {
  low?: Point;
  high?: Point;
  nan?: Point;
}

/**
 * What a chart of so many pixels shows of a series: each point where there are few, else the lowest and the highest of each bucket, and the
 * first and the last. So no peak is lost, whatever is left out. Points are added in any order, and none is kept that is not drawn.
 */
export const drawing = ({ placeOf, from, to, points, along }: Drawing) => {
  const order = along === 'step' ? byStep : byTime;
  const buckets: Bucket[] = Array.from({ length: Math.max(1, Math.floor((points - 2) / 2)) }, () => ({}));
  let all: Point[] | undefined = [];
  let first: Point | undefined;
  let last: Point | undefined;
  let within = 0;

  const put = (point: Point, place: number): void => {
    if (!first || order(point, first) < 0) first = point;
    if (!last || order(point, last) > 0) last = point;
    const at = to > from ? Math.floor(((place - from) / (to - from)) * buckets.length) : 0;
    const bucket = buckets[Math.min(at, buckets.length - 1)]!;
    const isLess = (a: Point, b: Point | undefined): boolean => !b || a.value < b.value || (a.value === b.value && order(a, b) < 0);
    if (Number.isNaN(point.value)) bucket.nan = bucket.nan && order(bucket.nan, point) < 0 ? bucket.nan : point;
    else {
      if (isLess(point, bucket.low)) bucket.low = point;
      if (!bucket.high || point.value > bucket.high.value || (point.value === bucket.high.value && order(point, bucket.high) < 0))
        bucket.high = point;
    }
  };
  /** Repeats make more of them than there are. */
  const keepWhileFew = (point: Point): void => {
    if (!all || all.push(point) < 4 * points) return;
    all = inOrder(all, order);
    if (all.length > points) all = undefined;
  };

  return {
    add: (some: readonly Point[]): void => {
      for (const point of some) {
        const place = placeOf(point);
        if (place < from || place > to) continue;
        within++;
        put(point, place);
        keepWhileFew(point);
      }
    },
    done: (): Point[] => {
      const few = all && inOrder(all, order);
      if (few && few.length <= points) return few;
      const drawn = buckets.flatMap(({ low, high, nan }) => (low && high ? [low, high] : nan ? [nan] : []));
      return inOrder([first!, ...drawn, last!], order);
    },
    /** How many were added that lie in the range, a repeat as often as it was. */
    within: (): number => within,
  };
};
