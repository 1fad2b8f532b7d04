import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import { lineLayout, type LineSpec, nearest } from './line-layout.ts';
import { useWidth } from './use-width.ts';
import './chart.css';

interface LineChartProps {
  readonly title: string;
  readonly spec: LineSpec;
  readonly height?: number;
  readonly axis: string;
  readonly formatX: (value: number) => string;
  readonly formatTick: (value: number) => string;
  readonly formatValue: (value: number) => string;
}

/** Lines with their values in the legend, and a cursor that the arrow keys move. */
export const LineChart = ({ title, spec, height = 260, axis, formatX, formatTick, formatValue }: LineChartProps) => {
  const [box, width] = useWidth();
  const [cursor, setCursor] = useState<number>();
  const layout = useMemo(() => lineLayout(spec, width, height), [spec, width, height]);
  const last = Math.max(0, spec.x.length - 1);
  const at = Math.min(cursor ?? last, last);
  const valueAt = (values: readonly (number | null)[]): string => {
    const value = values[at] ?? null;
    return value === null ? '–' : formatValue(value);
  };
  const legend = spec.lines.map(({ name, ink, values }) => ({ name, ink, said: valueAt(values) }));
  const move = (event: KeyboardEvent) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCursor(Math.min(last, Math.max(0, next)));
  };
  const follow = (event: PointerEvent<SVGSVGElement>) =>
    setCursor(nearest(layout.at, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const x = spec.x[at];
  const { plot } = layout;
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        <ul className="chart-legend plain-list num">
          {legend.map(({ name, ink, said }) => (
            <li key={name}>
              <svg width="22" height="8" aria-hidden="true">
                <path d="M1 4H21" className={`chart-line ink-${ink}`} />
              </svg>
              {name} <strong>{said}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        ref={box}
        className="chart-box"
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at}
        aria-valuetext={`${x === undefined ? '' : formatX(x)}: ${legend.map(({ name, said }) => `${name} ${said}`).join(', ')}`}
        onKeyDown={move}
        onBlur={() => setCursor(undefined)}
      >
        <svg
          width={width}
          height={height}
          className="chart-picture"
          aria-hidden="true"
          onPointerMove={follow}
          onPointerLeave={() => setCursor(undefined)}
        >
          {layout.yTicks.map((tick) => (
            <g key={tick.value}>
              <path d={`M${plot.left} ${tick.at}H${plot.right}`} className="chart-grid" />
              <text x={plot.left - 8} y={tick.at + 4} textAnchor="end" className="chart-tick">
                {formatTick(tick.value)}
              </text>
            </g>
          ))}
          {layout.xTicks.map((tick) => (
            <text
              key={tick.value}
              x={tick.anchor === 'end' ? plot.right + 10 : tick.at}
              y={height - 7}
              textAnchor={tick.anchor}
              className="chart-tick"
            >
              {formatX(tick.value)}
            </text>
          ))}
          {layout.bands.map(({ ink, path }, i) => (
            <path key={i} d={path} className={`chart-band ink-${ink}`} />
          ))}
          {layout.marks.map((mark) => (
            <g key={`${mark.label} ${mark.at}`} className={mark.isStrong ? 'chart-mark chart-mark-strong' : 'chart-mark'}>
              <path d={`M${mark.at} ${plot.top - 4}V${plot.bottom}`} />
              <text x={mark.at + (mark.anchor === 'end' ? -4 : 4)} y={plot.top - 8} textAnchor={mark.anchor}>
                {mark.label}
              </text>
            </g>
          ))}
          {layout.thresholds.map((line) => (
            <g key={line.label} className={`chart-threshold ink-${line.ink}`}>
              <path d={`M${plot.left} ${line.at}H${plot.right}`} />
              <text x={plot.left + 6} y={line.at + (line.isBelow ? 14 : -5)}>
                {line.label}
              </text>
            </g>
          ))}
          {layout.lines.map(({ ink, path, points }, i) => (
            <g key={i}>
              <path d={path} className={`chart-line ink-${ink}`} />
              {/* Where there are few points, each is seen, also one between two gaps. */}
              {points.length <= 40 &&
                points.map(
                  (point, n) => point && <circle key={n} cx={point[0]} cy={point[1]} r={2.4} className={`chart-point ink-${ink}`} />,
                )}
            </g>
          ))}
          {layout.marks.map(
            (mark) => mark.y !== undefined && <circle key={mark.at} cx={mark.at} cy={mark.y} r={5} className="chart-decided" />,
          )}
          {cursor !== undefined && layout.at[at] !== undefined && (
            <path d={`M${layout.at[at]} ${plot.top}V${plot.bottom}`} className="chart-cursor" />
          )}
        </svg>
      </div>
      <div className="chart-axis num">
        {cursor !== undefined && x !== undefined && <strong>{formatX(x)}</strong>}
        <span>{axis}</span>
      </div>
    </figure>
  );
};
