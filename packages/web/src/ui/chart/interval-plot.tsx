import type { Ink } from './line-layout.ts';
import { placeOf, type Range } from './scale.ts';
import './chart.css';

interface IntervalPlotProps {
  readonly range: Range;
  readonly value: number | null;
  /** An end that is not known reaches the edge. */
  readonly low: number | null;
  readonly high: number | null;
  /** What it is held against. */
  readonly lines: readonly number[];
  readonly isLog?: boolean;
  readonly ink?: Ink;
}

/** A value with its interval beside what it is held against. The numbers stand next to it in words. */
export const IntervalPlot = ({ range, value, low, high, lines, isLog = false, ink = 'baseline' }: IntervalPlotProps) => {
  const of = (x: number) => (isLog ? Math.log(Math.max(x, Number.MIN_VALUE)) : x);
  const at = (x: number | null, edge: number) => `${(x === null ? edge : placeOf([of(range[0]), of(range[1])], of(x))) * 100}%`;
  return (
    <svg className={`interval-plot ink-${ink}`} height="18" aria-hidden="true">
      <rect x="0" y="6" width="100%" height="6" rx="3" className="interval-track" />
      <line x1={at(low, 0)} x2={at(high, 1)} y1="9" y2="9" className="interval-span" />
      {lines.map((line) => (
        <line key={line} x1={at(line, 0)} x2={at(line, 0)} y1="0" y2="18" className="interval-line" />
      ))}
      {value !== null && <circle cx={at(value, 0)} cy="9" r="4.5" className="interval-dot" />}
    </svg>
  );
};
