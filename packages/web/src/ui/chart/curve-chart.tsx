import { type KeyboardEvent, lazy, type ReactNode, Suspense, useMemo } from 'react';
import { aligned, type Band, type Curve, dashOf, inkOf, nearestTo, valueAt } from './curve-spec.ts';
import { CurveTable, type CurveTableWords } from './curve-table.tsx';
import { type SharedCursor, useCursor } from './shared-cursor.ts';
import './chart.css';
import './curve-chart.css';

const CurvePlot = lazy(async () => ({ default: (await import('./curve-plot.tsx')).CurvePlot }));

interface CurveChartProps {
  readonly title: string;
  /** What is true of the picture: how many points it was drawn of, that its axis goes by powers. */
  readonly note?: ReactNode;
  readonly curves: readonly Curve[];
  /** Stands for many lines. */
  readonly band?: Band | undefined;
  readonly isLog?: boolean;
  readonly height?: number;
  readonly axis: string;
  readonly range: readonly [number, number] | undefined;
  readonly cursor: SharedCursor;
  readonly formatX: (value: number) => string;
  readonly formatTick: (value: number) => string;
  readonly formatValue: (value: number) => string;
  /** Undefined shows all there is again. */
  readonly onZoom: (range: readonly [number, number] | undefined) => void;
  readonly words: CurveChartWords;
}
export interface CurveChartWords extends CurveTableWords {
  readonly median: string;
  readonly lowTenth: string;
  readonly highTenth: string;
}

/**
 * Lines over steps or time. The legend carries the values under the cursor, else the last ones. Drag to zoom; by keyboard the arrows move the
 * cursor, + and − zoom around it, Escape shows all again.
 */
export const CurveChart = (props: CurveChartProps) => {
  const {
    title,
    note,
    curves,
    band,
    isLog = false,
    height = 220,
    axis,
    range,
    cursor,
    formatX,
    formatTick,
    formatValue,
    onZoom,
    words,
  } = props;
  const at = useCursor(cursor);
  const shown = useMemo(() => [...(band ? bandCurves(band, words) : []), ...curves.filter(({ isPale }) => !isPale)], [band, curves, words]);
  const places = useMemo(() => aligned(shown).x, [shown]);
  const [first, last] = range ?? [places[0] ?? 0, places.at(-1) ?? 0];
  const reach = (last - first) / 100;
  const said = shown.map((curve) => {
    const value = at === undefined ? lastOf(curve) : valueAt(curve, at, reach);
    return { ...curve, said: typeof value === 'number' ? formatValue(value) : '–' };
  });
  const zoomBy = (factor: number) => {
    const centre = at ?? (first + last) / 2;
    const half = ((last - first) * factor) / 2;
    onZoom(factor > 1 && half * 2 >= places.at(-1)! - places[0]! ? undefined : [centre - half, centre + half]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = at === undefined ? undefined : nearestTo(places, at);
    const stride = Math.max(1, Math.round(places.length / 400));
    const step = (by: number) => cursor.set(places[Math.max(0, Math.min(places.length - 1, (here ?? (by > 0 ? -1 : places.length)) + by))]);
    const acts: Record<string, () => void> = {
      ArrowRight: () => step(stride),
      ArrowLeft: () => step(-stride),
      PageDown: () => step(stride * 20),
      PageUp: () => step(stride * -20),
      Home: () => cursor.set(places[0]),
      End: () => cursor.set(places.at(-1)),
      '+': () => zoomBy(0.5),
      '-': () => zoomBy(2),
      Escape: () => onZoom(undefined),
    };
    const act = acts[event.key];
    if (!act || places.length === 0) return;
    event.preventDefault();
    act();
  };
  const now = at ?? places.at(-1);
  return (
    <figure className="chart curve-chart">
      <figcaption className="chart-head">
        <span className="chart-title clip" title={title}>
          {title}
        </span>
        {note && <span className="curve-note num">{note}</span>}
      </figcaption>
      <ul className="chart-legend plain-list num">
        {said.map((curve, i) => (
          <li key={i} className="curve-key">
            <CurveSwatch color={curve.color} />
            <span className="clip" title={curve.name}>
              {curve.name}
            </span>
            <strong>{curve.said}</strong>
          </li>
        ))}
      </ul>
      <div
        className="curve-box"
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={first}
        aria-valuemax={last}
        aria-valuenow={now ?? 0}
        aria-valuetext={`${now === undefined ? '' : formatX(now)}: ${said.map((curve) => `${curve.name.slice(0, 80)} ${curve.said}`).join(', ')}`}
        onKeyDown={onKeyDown}
        onBlur={() => cursor.set(undefined)}
        onDoubleClick={() => onZoom(undefined)}
      >
        <Suspense fallback={<div style={{ height }} />}>
          <CurvePlot
            curves={curves}
            band={band}
            isLog={isLog}
            height={height}
            range={range}
            cursor={cursor}
            formatX={formatX}
            formatY={formatTick}
            onZoom={onZoom}
          />
        </Suspense>
      </div>
      <div className="chart-axis num">
        <CurveTable curves={shown} formatX={formatX} formatValue={formatValue} words={words} title={title} />
        <span>
          {at !== undefined && <strong>{formatX(at)}</strong>} {axis}
        </span>
      </div>
    </figure>
  );
};

/** The line as it is drawn, with its dash. */
export const CurveSwatch = ({ color }: { color: number }) => (
  <svg width="22" height="8" viewBox="0 0 22 8" aria-hidden="true" className="curve-swatch">
    <path d="M1 4H21" fill="none" strokeWidth="2.2" stroke={`var(${inkOf(color)})`} strokeDasharray={dashOf(color).join(' ')} />
  </svg>
);

const lastOf = ({ y }: Curve): number | null | undefined => y.at(-1);

const bandCurves = ({ x, low, middle, high }: Band, words: CurveChartWords): Curve[] => [
  { name: words.median, x, y: middle, color: 0 },
  { name: words.lowTenth, x, y: low, color: 0 },
  { name: words.highTenth, x, y: high, color: 0 },
];
