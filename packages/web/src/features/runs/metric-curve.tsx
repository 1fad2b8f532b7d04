import type { Run } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CurveChart } from '../../ui/chart/curve-chart.tsx';
import { bandOf } from '../../ui/chart/curve-spec.ts';
import type { SharedCursor } from '../../ui/chart/shared-cursor.ts';
import { type CurveLook, drawn } from './curve-look.ts';
import { metricText } from './metric-text.ts';
import { chartQuery } from './queries.ts';
import { useRunsWords } from './use-runs-words.ts';

interface MetricCurveProps {
  readonly project: string;
  readonly runs: readonly Pick<Run, 'id' | 'name' | 'status'>[];
  readonly name: string;
  readonly look: CurveLook;
  readonly cursor: SharedCursor;
  readonly onZoom: (range: readonly [number, number] | undefined) => void;
}
/** More lines than this nobody tells apart. */
export const mostLines = 6;

export const MetricCurve = ({ project, runs, name, look, cursor, onZoom }: MetricCurveProps) => {
  const { f } = useI18n();
  const words = useRunsWords();
  const { axis, range, isLog } = look;
  const isRunning = runs.some(({ status }) => status === 'running');
  const asked = { ids: runs.map(({ id }) => id), key: name, axis };
  const chart = useQuery(chartQuery(project, { ...asked, range }, isRunning));
  // Zoomed in, only the whole knows when each run began.
  const whole = useQuery({
    ...chartQuery(project, { ...asked, range: undefined }, false),
    enabled: axis === 'relative' && range !== undefined,
  });
  const picture = useMemo(() => {
    const first = new Map((range ? whole.data : chart.data)?.series.map(({ runId, points }) => [runId, points[0]?.time ?? 0]));
    const all = drawn(chart.data?.series ?? [], { runs, look, originOf: (runId) => first.get(runId) ?? 0 });
    const isBand = runs.length > mostLines;
    return { ...all, curves: isBand ? [] : all.curves, band: isBand ? bandOf(all.curves.filter(({ isPale }) => !isPale)) : undefined };
  }, [chart.data, whole.data, runs, look, range]);
  const formats = useMemo(() => {
    const formatX = (value: number): string =>
      axis === 'step' ? f.number(Math.round(value)) : axis === 'time' ? f.moment(value) : value === 0 ? '0' : f.duration(value / 1000);
    return {
      formatX,
      // The picture writes fewer signs than the legend: its axis is narrow.
      formatTick: (value: number): string =>
        Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(0) : f.figure(value),
      formatValue: (value: number): string => metricText(f, value),
    };
  }, [axis, f]);

  if (chart.error && !chart.data)
    return (
      <p className="curve-failed">
        <strong>{name}</strong> {words.curves.failed}
      </p>
    );
  const series = chart.data?.series ?? [];
  const only = series.length === 1 && series[0]!.logged === 1 && range === undefined ? series[0]!.points[0] : undefined;
  if (only)
    return (
      <p className="curve-one num">
        <strong className="clip" title={name}>
          {name}
        </strong>
        <span>{words.curves.one(metricText(f, only.value), String(only.step))}</span>
      </p>
    );
  const { shown, logged, hidden, curves, band } = picture;
  const note = [
    shown < logged ? words.curves.points(f.number(shown), f.number(logged)) : words.curves.allPoints(f.number(logged), logged),
    ...(isLog ? [words.curves.isLog] : []),
    ...(hidden > 0 ? [words.curves.hidden(f.number(hidden))] : []),
  ].join(' · ');
  return (
    <div aria-busy={chart.isPending || chart.isPlaceholderData}>
      <CurveChart
        title={name}
        note={chart.data && note}
        curves={curves}
        band={band}
        isLog={isLog}
        axis={words.curves.along[axis]}
        range={range}
        cursor={cursor}
        words={words.curves.chart}
        onZoom={onZoom}
        {...formats}
      />
    </div>
  );
};
