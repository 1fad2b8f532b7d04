import type { Run } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { inkOf } from '../../ui/chart/curve-spec.ts';
import { useWidth } from '../../ui/chart/use-width.ts';
import { Panel } from '../../ui/panel.tsx';
import { metricText } from './metric-text.ts';
import { type NumberRow, placesOf } from './run-differences.ts';
import { useRunsWords } from './use-runs-words.ts';

interface ScatterPanelProps {
  readonly runs: readonly Run[];
  readonly numbers: readonly NumberRow[];
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly onChange: (next: { readonly x?: string; readonly y?: string }) => void;
}
const height = 280;
const frame = { left: 62, right: 16, top: 12, bottom: 30 };

/** One number over another, a point for each run. */
export const ScatterPanel = ({ runs, numbers, x, y, onChange }: ScatterPanelProps) => {
  const { f } = useI18n();
  const words = useRunsWords().comparison;
  const [box, width] = useWidth();
  const down = numbers.find(({ id }) => id === y) ?? numbers.find(({ id }) => id.startsWith('metrics.')) ?? numbers[0];
  const across = numbers.find(({ id }) => id === x) ?? numbers.find(({ id }) => id.startsWith('params.')) ?? numbers[1] ?? numbers[0];
  if (!down || !across)
    return (
      <Panel title={words.scatter}>
        <p className="small-note">{words.noScatter}</p>
      </Panel>
    );
  const [left, up] = [placesOf(across), placesOf(down)];
  const points = runs.flatMap((run, i) =>
    left[i] === undefined || up[i] === undefined ? [] : [{ run, i, at: [left[i], up[i]] as const }],
  );
  const xOf = (place: number) => frame.left + place * (width - frame.left - frame.right);
  const yOf = (place: number) => height - frame.bottom - place * (height - frame.top - frame.bottom);
  const ends = ({ values }: NumberRow) => {
    const known = values.filter((value) => value !== undefined);
    return [Math.min(...known), Math.max(...known)] as const;
  };
  const said = (row: NumberRow, i: number) => metricText(f, row.values[i]);
  const title = words.plot(across.name, down.name);
  return (
    <Panel
      title={words.scatter}
      note={points.length < runs.length ? words.missing(runs.length - points.length) : undefined}
      actions={
        <div className="curve-tools">
          {(['x', 'y'] as const).map((axis) => (
            <label key={axis}>
              {axis === 'x' ? words.horizontal : words.vertical}{' '}
              <select
                className="runs-select"
                value={(axis === 'x' ? across : down).id}
                onChange={(event) => onChange({ [axis]: event.currentTarget.value })}
              >
                {numbers.map(({ id }) => (
                  <option key={id} value={id}>
                    {id.slice(0, 60)}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
      }
    >
      <div ref={box}>
        <svg width={width} height={height} role="img" aria-label={title} className="chart-picture">
          <path d={`M${xOf(0)} ${yOf(0)}H${xOf(1)}M${xOf(0)} ${yOf(1)}H${xOf(1)}`} className="chart-grid" />
          {ends(down).map((value, i) => (
            <text key={i} x={frame.left - 8} y={yOf(i) + 4} textAnchor="end" className="chart-tick">
              {metricText(f, value)}
            </text>
          ))}
          {ends(across).map((value, i) => (
            <text key={i} x={xOf(i)} y={height - 8} textAnchor={i === 0 ? 'start' : 'end'} className="chart-tick">
              {metricText(f, value)}
            </text>
          ))}
          {points.map(({ run, i, at }) => (
            <circle key={run.id} cx={xOf(at[0])} cy={yOf(at[1])} r={5} className="scatter-point" style={{ fill: `var(${inkOf(i % 6)})` }}>
              <title>{words.point(run.name.slice(0, 80), said(across, i), said(down, i))}</title>
            </circle>
          ))}
        </svg>
      </div>
      <ul className="run-hidden">
        {points.map(({ run, i }) => (
          <li key={run.id}>{words.point(run.name.slice(0, 80), said(across, i), said(down, i))}</li>
        ))}
      </ul>
    </Panel>
  );
};
