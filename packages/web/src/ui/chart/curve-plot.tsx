import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { aligned, type Band, type Curve, dashOf, inkOf } from './curve-spec.ts';
import type { SharedCursor } from './shared-cursor.ts';

export interface CurvePlotProps {
  readonly curves: readonly Curve[];
  readonly band: Band | undefined;
  readonly isLog: boolean;
  readonly height: number;
  /** The stretch that is looked at; all there is where none is said. */
  readonly range: readonly [number, number] | undefined;
  readonly cursor: SharedCursor;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly onZoom: (range: readonly [number, number]) => void;
}

/** The picture alone, in a chunk of its own: a page without curves never loads uPlot. */
export const CurvePlot = ({ curves, band, isLog, height, range, cursor, formatX, formatY, onZoom }: CurvePlotProps) => {
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const zoom = useEffectEvent(onZoom);
  useEffect(() => {
    const { current: box } = host;
    if (!box) return undefined;
    const style = getComputedStyle(box);
    // A canvas knows no CSS: the colours of the theme are read, and drawn anew when it changes.
    const colorOf = (variable: string) => style.getPropertyValue(variable).trim();
    const bandCurves = band ? [band.high, band.middle, band.low].map((y) => ({ x: band.x, y })) : [];
    const { x, y } = aligned([...bandCurves, ...curves]);
    const plot = new uPlot(
      {
        ...optionsOf({ isLog, range, formatX, formatY, colorOf, font: `12px ${style.fontFamily}` }),
        width: Math.max(160, box.clientWidth),
        height,
        series: [{}, ...(band ? bandSeries(colorOf) : []), ...curves.map((curve) => seriesOf(curve, colorOf))],
        bands: band ? [{ series: [1, 3], fill: `color-mix(in srgb, ${colorOf('--b-series-0')} 18%, transparent)` }] : [],
        hooks: {
          setCursor: [({ cursor: { left = -1 }, posToVal }) => own && cursor.set(left < 0 ? undefined : posToVal(left, 'x'))],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
              if (width > 4) zoom([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')]);
            },
          ],
        },
      },
      [x, ...y] as uPlot.AlignedData,
      box,
    );
    // What we set ourselves is not told to others again.
    let own = true;
    const follow = () => {
      const at = cursor.get();
      own = false;
      plot.setCursor({ left: at === undefined ? -10 : plot.valToPos(at, 'x'), top: at === undefined ? -10 : 0 });
      own = true;
    };
    const stop = cursor.subscribe(follow);
    const resize = new ResizeObserver(() => plot.setSize({ width: Math.max(160, box.clientWidth), height }));
    resize.observe(box);
    return () => {
      stop();
      resize.disconnect();
      plot.destroy();
    };
  }, [curves, band, isLog, height, range, cursor, formatX, formatY, scheme]);
  return <div ref={host} className="curve-plot" style={{ height }} />;
};

interface Look {
  readonly isLog: boolean;
  readonly range: readonly [number, number] | undefined;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly colorOf: (variable: string) => string;
  readonly font: string;
}

const optionsOf = ({ isLog, range, formatX, formatY, colorOf, font }: Look): Omit<uPlot.Options, 'width' | 'height' | 'series'> => {
  const axis: uPlot.Axis = {
    stroke: colorOf('--b-text-quiet'),
    font,
    grid: { stroke: colorOf('--b-line'), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  const written = (format: (value: number) => string) => (_: uPlot, splits: (number | null)[]) =>
    splits.map((value) => (value === null ? '' : format(value)));
  return {
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: false, ...(range && { range: () => [...range] as [number, number] }) },
      y: isLog ? { distr: 3 } : { range: (_, low, high) => padded(low, high) },
    },
    axes: [
      { ...axis, grid: { show: false }, values: written(formatX), space: 84, size: 26, gap: 6 },
      { ...axis, values: written(formatY), size: 62, gap: 8, space: 32 },
    ],
  };
};

const seriesOf = ({ color, isPale = false }: Curve, colorOf: Look['colorOf']): uPlot.Series => ({
  stroke: colorOf(inkOf(color)),
  width: isPale ? 1 : 1.8,
  alpha: isPale ? 0.3 : 1,
  dash: isPale ? [] : dashOf(color),
  spanGaps: false,
  points: points(colorOf(inkOf(color))),
});

/** Where a line has few points each is seen, also one between two gaps. */
const points = (fill: string): uPlot.Series.Points => ({
  show: (self, series, first, last) => {
    let count = 0;
    for (let i = first; i <= last && count < 40; i++) if (typeof self.data[series]![i] === 'number') count++;
    return count < 40;
  },
  size: 4.5,
  fill,
});

const bandSeries = (colorOf: Look['colorOf']): uPlot.Series[] => {
  const edge: uPlot.Series = { stroke: colorOf('--b-series-0'), width: 0.5, points: { show: false } };
  return [edge, { ...edge, width: 1.8, points: points(colorOf('--b-series-0')) }, edge];
};

/** Room around the lines, but none below zero where nothing is. A constant stands in the middle. */
const padded = (low: number | null, high: number | null): [number, number] => {
  if (low === null || high === null) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
};
