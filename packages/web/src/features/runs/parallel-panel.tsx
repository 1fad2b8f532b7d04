import type { Run } from '@boucle/contract';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { dashOf, inkOf } from '../../ui/chart/curve-spec.ts';
import { useWidth } from '../../ui/chart/use-width.ts';
import { Panel } from '../../ui/panel.tsx';
import { metricText } from './metric-text.ts';
import { type NumberRow, placesOf } from './run-differences.ts';
import { useRunsWords } from './use-runs-words.ts';

/** More axes than this stand too close to be read. */
const mostAxes = 7;
const height = 280;
const frame = { side: 56, top: 34, bottom: 24 };

/** Params first, for they come before what they lead to. */
export const ParallelPanel = ({ runs, numbers }: { runs: readonly Run[]; numbers: readonly NumberRow[] }) => {
  const { f } = useI18n();
  const words = useRunsWords().comparison;
  const [box, width] = useWidth();
  const [ahead, setAhead] = useState<number>();
  const axes = numbers.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, mostAxes);
  if (axes.length < 2)
    return (
      <Panel title={words.parallel}>
        <p className="small-note">{words.noParallel}</p>
      </Panel>
    );
  const places = axes.map(placesOf);
  const xOf = (axis: number) => frame.side + (axis * (width - 2 * frame.side)) / (axes.length - 1);
  const yOf = (place: number) => height - frame.bottom - place * (height - frame.top - frame.bottom);
  /** Where a run lacks a number its line ends, and begins again behind it. */
  const pathOf = (run: number): string =>
    places
      .map((row, axis) => {
        const place = row[run];
        if (place === undefined) return '';
        return `${places[axis - 1]?.[run] === undefined ? 'M' : 'L'}${xOf(axis)} ${yOf(place)}`;
      })
      .join('');
  const room = Math.max(6, Math.floor((width - 2 * frame.side) / (axes.length - 1) / 7));
  return (
    <Panel title={words.parallel} note={words.parallelNote}>
      <div ref={box}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${words.parallel}: ${axes.map(({ name }) => name).join(', ')}`}
          className="chart-picture"
        >
          {axes.map((row, axis) => {
            const known = row.values.filter((value) => value !== undefined);
            return (
              <g key={row.id}>
                <path d={`M${xOf(axis)} ${yOf(0)}V${yOf(1)}`} className="parallel-axis" />
                <text x={xOf(axis)} y={14} textAnchor="middle" className="chart-tick parallel-name">
                  {row.name.length > room ? `${row.name.slice(0, room - 1)}…` : row.name}
                  <title>{row.id}</title>
                </text>
                <text x={xOf(axis)} y={28} textAnchor="middle" className="chart-tick">
                  {metricText(f, Math.max(...known))}
                </text>
                <text x={xOf(axis)} y={height - 6} textAnchor="middle" className="chart-tick">
                  {metricText(f, Math.min(...known))}
                </text>
              </g>
            );
          })}
          {runs.map((run, i) => (
            <path
              key={run.id}
              d={pathOf(i)}
              className={
                ahead === undefined ? 'parallel-line' : ahead === i ? 'parallel-line parallel-ahead' : 'parallel-line parallel-behind'
              }
              style={{ stroke: `var(${inkOf(i % 6)})`, strokeDasharray: dashOf(i % 6).join(' ') }}
              onPointerEnter={() => setAhead(i)}
              onPointerLeave={() => setAhead(undefined)}
            >
              <title>{run.name.slice(0, 80)}</title>
            </path>
          ))}
        </svg>
      </div>
      {runs.length <= 12 && (
        <ul className="plain-list parallel-names">
          {runs.map((run, i) => (
            <li key={run.id}>
              <button
                type="button"
                onPointerEnter={() => setAhead(i)}
                onPointerLeave={() => setAhead(undefined)}
                onFocus={() => setAhead(i)}
                onBlur={() => setAhead(undefined)}
                dir="auto"
              >
                {run.name.slice(0, 60)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};
