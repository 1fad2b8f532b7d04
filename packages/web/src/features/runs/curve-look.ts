import type { Run } from '@boucle/contract';
import type { Curve } from '../../ui/chart/curve-spec.ts';
import { positive } from '../../ui/chart/curve-spec.ts';
import { smooth } from '../../ui/chart/smooth.ts';
import type { Along } from './queries.ts';
import type { CurveSearch } from './runs-search.ts';

/** How curves are drawn, as the address says it; what makes no sense there is as if it were not said. */
export interface CurveLook {
  readonly axis: Along;
  /** How much of what came before stays in a smoothed line. */
  readonly weight: number;
  readonly isLog: boolean;
  readonly range: readonly [number, number] | undefined;
}
export const weights = [0, 0.5, 0.8, 0.9, 0.97] as const;

export const lookOf = ({ axis, smooth: weight, log, zoom }: CurveSearch): CurveLook => ({
  axis: axis === 'time' || axis === 'relative' ? axis : 'step',
  weight: weights.find((one) => one === Number(weight)) ?? 0,
  isLog: log === 'true',
  range: rangeOf(zoom),
});
const rangeOf = (zoom: string | undefined): readonly [number, number] | undefined => {
  const [from, to] = (zoom ?? '').split('~').map(Number);
  return zoom && Number.isFinite(from) && Number.isFinite(to) && from! < to! ? [from!, to!] : undefined;
};
export const zoomOf = (range: readonly [number, number] | undefined): string | undefined =>
  range && `${short(range[0])}~${short(range[1])}`;
/** No one sees more digits of a zoom than these. */
const short = (value: number): number => Number(value.toPrecision(13));

interface Point {
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly step: number | string;
  readonly time: number;
}
export interface Series {
  readonly runId: string;
  readonly points: readonly Point[];
  readonly logged: number;
}
interface Drawn {
  readonly curves: Curve[];
  readonly shown: number;
  readonly logged: number;
  /** What a log axis has no place for. */
  readonly hidden: number;
}

interface Drawing {
  readonly runs: readonly Pick<Run, 'id' | 'name'>[];
  readonly look: CurveLook;
  readonly originOf: (runId: string) => number;
}

/** What is no number is a gap. `originOf` says from when a run's own time counts. */
export const drawn = (series: readonly Series[], { runs, look: { axis, weight, isLog }, originOf }: Drawing): Drawn => {
  let hidden = 0;
  const curves = series.flatMap(({ runId, points }): Curve[] => {
    const place = runs.findIndex(({ id }) => id === runId);
    const x = points.map(({ step, time }) => (axis === 'step' ? Number(step) : axis === 'time' ? time : time - originOf(runId)));
    const values = points.map(({ value }) => (typeof value === 'number' ? value : null));
    const { y, hidden: left } = isLog ? positive(values) : { y: values, hidden: 0 };
    hidden += left;
    const line = { name: runs[place]?.name.slice(0, 200) ?? runId, x, color: Math.max(0, place) };
    return weight === 0
      ? [{ ...line, y }]
      : [
          { ...line, y, isPale: true },
          { ...line, y: smooth(y, weight) },
        ];
  });
  return {
    curves,
    hidden,
    shown: series.reduce((sum, { points }) => sum + points.length, 0),
    logged: series.reduce((sum, { logged }) => sum + logged, 0),
  };
};
