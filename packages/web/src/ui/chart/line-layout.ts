import { type Range, rangeOf, scaleOf, ticksOf } from './scale.ts';

export type Values = readonly (number | null)[];
export type Ink = 'baseline' | 'candidate' | 'third' | 'ok' | 'broken' | 'quiet';

export interface LineSpec {
  /** Rising; one for each value. */
  readonly x: readonly number[];
  readonly lines: readonly { readonly name: string; readonly ink: Ink; readonly values: Values; readonly isStepped?: boolean }[];
  readonly bands?: readonly { readonly ink: Ink; readonly low: Values; readonly high: Values }[];
  /** Lines across, with a word. */
  readonly thresholds?: readonly { readonly value: number; readonly label: string; readonly ink: Ink }[];
  /** Lines upright, with a word; a strong one has a point at `y`. */
  readonly marks?: readonly { readonly x: number; readonly label: string; readonly y?: number; readonly isStrong?: boolean }[];
  /** The least that the y axis shows, so that noise does not fill the picture. */
  readonly atLeast?: Range;
  /** Where few numbers matter, and round ones do not. */
  readonly xTicks?: readonly number[];
  readonly yTicks?: (range: Range) => readonly number[];
}

const edge = { top: 20, right: 12, bottom: 24, left: 52 };
/** Below it, words of neighbours would run into each other. */
const lineHeight = 15;

/** Everything of a chart that is a matter of arithmetic. */
export const lineLayout = (spec: LineSpec, width: number, height: number) => {
  const plot = { left: edge.left, right: Math.max(edge.left + 20, width - edge.right), top: edge.top, bottom: height - edge.bottom };
  const xRange = rangeOf([...spec.x, ...(spec.marks ?? []).map(({ x }) => x)]) ?? [0, 1];
  const y = [
    ...spec.lines.flatMap(({ values }) => values),
    ...(spec.bands ?? []).flatMap(({ low, high }) => [...low, ...high]),
    ...(spec.thresholds ?? []).map(({ value }) => value),
    ...(spec.atLeast ?? []),
  ];
  const yRange = rangeOf(y, 0.05) ?? [0, 1];
  const toX = scaleOf(xRange, [plot.left, plot.right]);
  const toY = scaleOf(yRange, [plot.bottom, plot.top]);
  const place = (values: Values) => values.map((value, i) => (value === null ? null : ([toX(spec.x[i] ?? 0), toY(value)] as const)));
  return {
    plot,
    xRange,
    yRange,
    xTicks: (spec.xTicks ?? ticksOf(xRange, Math.max(2, Math.floor((plot.right - plot.left) / 140)))).map((value) => ({
      value,
      at: toX(value),
      // A word in the middle of the last tick would be cut off.
      anchor: toX(value) > plot.right - 30 ? ('end' as const) : ('middle' as const),
    })),
    yTicks: (spec.yTicks?.(yRange) ?? ticksOf(yRange, Math.max(2, (plot.bottom - plot.top) / 34))).map((value) => ({
      value,
      at: toY(value),
    })),
    at: spec.x.map(toX),
    lines: spec.lines.map(({ ink, values, isStepped = false }) => {
      const points = place(values);
      return { ink, path: pathOf(points, isStepped), points };
    }),
    bands: (spec.bands ?? []).map(({ ink, low, high }) => ({ ink, path: areaOf(place(low), place(high)) })),
    thresholds: labelled((spec.thresholds ?? []).map(({ value, label, ink }) => ({ label, ink, at: toY(value) }))),
    marks: (spec.marks ?? []).map(({ x, label, y: height_, isStrong = false }) => ({
      label,
      isStrong,
      at: toX(x),
      y: height_ === undefined ? undefined : toY(height_),
      // Words near the right end stand before their line.
      anchor: toX(x) > plot.right - 90 ? ('end' as const) : ('start' as const),
    })),
  };
};
export type LineLayout = ReturnType<typeof lineLayout>;

type Point = readonly [x: number, y: number];
const round = (value: number): number => Math.round(value * 10) / 10;
const pair = ([x, y]: Point): string => `${round(x)} ${round(y)}`;

/** A gap stays a gap: what is missing is never joined. */
const pathOf = (points: readonly (Point | null)[], isStepped: boolean): string => {
  let path = '';
  let before: Point | null = null;
  for (const point of points) {
    if (point) path += before ? (isStepped ? `H${round(point[0])}V${round(point[1])}` : `L${pair(point)}`) : `M${pair(point)}`;
    before = point;
  }
  return path;
};

const areaOf = (low: readonly (Point | null)[], high: readonly (Point | null)[]): string => {
  const areas: string[] = [];
  let run: [Point, Point][] = [];
  const close = () => {
    // A band of one point would have no width: it gets a narrow one.
    const wide: [Point, Point][] =
      run.length === 1
        ? run.flatMap(([a, b]) =>
            [-3, 3].map((dx): [Point, Point] => [
              [a[0] + dx, a[1]],
              [b[0] + dx, b[1]],
            ]),
          )
        : run;
    if (wide.length > 0)
      areas.push(`M${[...wide.map(([, top]) => top), ...wide.map(([bottom]) => bottom).reverse()].map(pair).join('L')}Z`);
    run = [];
  };
  low.forEach((bottom, i) => {
    const top = high[i];
    if (bottom && top) run.push([bottom, top]);
    else close();
  });
  close();
  return areas.join('');
};

/** Words stand above their line; where two lines are near each other, the lower one has its word below. */
const labelled = <T extends { readonly at: number }>(lines: readonly T[]) => {
  const sorted = [...lines].sort((a, b) => a.at - b.at);
  return sorted.map((line, i) => {
    const above = sorted[i - 1];
    return { ...line, isBelow: above !== undefined && line.at - above.at < lineHeight };
  });
};

/** Which point lies nearest to a place. */
export const nearest = (places: readonly number[], x: number): number => {
  let best = 0;
  places.forEach((place, i) => {
    if (Math.abs(place - x) < Math.abs((places[best] ?? 0) - x)) best = i;
  });
  return best;
};
