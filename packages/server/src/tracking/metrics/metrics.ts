import { invalid, notFound, type Paging } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { type Db, decodeCursor, pageOf } from '../../platform/index.ts';
import { together } from '../together.ts';
import { drawing } from './chart.ts';
import { inOrder, type Point, type Step, stepOf } from './metric-point.ts';
import { type Extent, metricStore } from './metric-store.ts';
import { thinned } from './sample.ts';
import { type Axis, firstPoints, orderOf, pointsWithin, reachOf } from './series.ts';

export interface HistoryQuery extends Paging {
  readonly key: string;
  /** By step, then time, then value, or by time, then step, then value. */
  readonly axis?: Axis;
}
export interface ChartQuery {
  readonly runIds: readonly string[];
  readonly key: string;
  /** `relative` counts milliseconds from the first point of each run. */
  readonly axis: Axis | 'relative';
  /** How many points a run may have at most. */
  readonly points: number;
  readonly from?: number;
  readonly to?: number;
}
interface SampleQuery {
  readonly key: string;
  /** How many steps, beside the first and the last of each run. */
  readonly count: number;
  readonly range?: readonly [first: number, last: number];
}
export interface RunPoints {
  readonly runId: string;
  readonly points: Point[];
}

export const createMetrics = ({ db }: { db: Db }) => {
  const store = metricStore(db.read);

  return {
    history: async (project: ProjectRef, runId: string, { key, limit, cursor, axis = 'step' }: HistoryQuery) => {
      const after = cursor === undefined ? undefined : positionOf(cursor);
      const [known, points] = await together([
        store.runsOf(project, [runId]),
        firstPoints(store, { runId, key }, { axis, count: limit + 1, ...(after && { after }) }),
      ]);
      if (!known.has(runId)) throw notFound('run', runId);
      return pageOf(points, limit, { item: (point) => point, at: ({ step, time, value }) => [String(step), time, String(value)] });
    },
    /** The first points of several runs, run by run in the order of their ids, by time. Runs that are not there are passed over. */
    histories: async (
      project: ProjectRef,
      runIds: readonly string[],
      { key, limit }: { key: string; limit: number },
    ): Promise<RunPoints[]> => {
      const found: RunPoints[] = [];
      let left = limit;
      for (const runId of [...(await store.runsOf(project, runIds))].sort()) {
        const points = left > 0 ? await firstPoints(store, { runId, key }, { axis: 'time', count: left }) : [];
        left -= points.length;
        found.push({ runId, points });
      }
      return found;
    },
    /** What a chart shows of a metric: the runs side by side over one range, each in no more points than there are pixels for. */
    chart: async (project: ProjectRef, { runIds, key, axis, points, from, to }: ChartQuery) => {
      if (from !== undefined && to !== undefined && from > to)
        throw invalid('The range ends before it begins: swap from and to', 'empty_range');
      const known = await store.runsOf(project, runIds);
      const absent = runIds.find((id) => !known.has(id));
      if (absent !== undefined) throw notFound('run', absent);
      const along = axis === 'step' ? 'step' : 'time';
      const extents = await store.extents(runIds, key);
      const originOf = (runId: string): number => (axis === 'relative' ? (extents.get(runId)?.times[0] ?? 0) : 0);
      const ends = [...extents].map(([runId, extent]) => reachOf(along, extent).map((end) => Number(end) - originOf(runId)));
      const range = { from: from ?? Math.min(...ends.map(([least]) => least!)), to: to ?? Math.max(...ends.map(([, most]) => most!)) };
      const series: (RunPoints & { readonly logged: number })[] = [];
      for (const runId of runIds) {
        const origin = originOf(runId);
        const placeOf = ({ step, time }: Point): number => (along === 'step' ? Number(step) : time - origin);
        const drawn = drawing({ ...range, placeOf, points, along });
        const isWithin = (reach: Extent): boolean => {
          const [least, most] = reachOf(along, reach);
          return Number(least) - origin <= range.to && Number(most) - origin >= range.from;
        };
        for await (const some of pointsWithin(store, { runId, key }, isWithin)) drawn.add(some);
        const drawnPoints = drawn.done();
        series.push({ runId, points: drawnPoints, logged: Math.max(drawn.within(), drawnPoints.length) });
      }
      return series;
    },
    /** The points of some of the steps that several runs have, the same for all of them, run by run as asked. Runs that are not there are passed over. */
    sample: async (project: ProjectRef, runIds: readonly string[], { key, count, range }: SampleQuery): Promise<RunPoints[]> => {
      const isAsked = (step: Step): boolean => !range || (step >= range[0] && step <= range[1]);
      const isWithin = ({ steps: [least, most] }: Extent): boolean => !range || (least <= range[1] && most >= range[0]);
      const there = await store.runsOf(project, runIds);
      const known = [...new Set(runIds)].filter((id) => there.has(id));
      const steps = new Set<Step>();
      const ends = new Set<Step>();
      for (const runId of known) {
        let [first, last]: (Step | undefined)[] = [];
        for await (const some of pointsWithin(store, { runId, key }, isWithin))
          for (const { step } of some) {
            if (!isAsked(step)) continue;
            steps.add(step);
            if (first === undefined || step < first) first = step;
            if (last === undefined || step > last) last = step;
          }
        if (first !== undefined) ends.add(first).add(last!);
      }
      const taken = new Set([
        ...thinned(
          [...steps].sort((a, b) => (a < b ? -1 : 1)),
          count,
        ),
        ...ends,
      ]);
      const found: RunPoints[] = [];
      for (const runId of known) {
        const points: Point[] = [];
        for await (const some of pointsWithin(store, { runId, key }, isWithin)) points.push(...some.filter(({ step }) => taken.has(step)));
        found.push({ runId, points: inOrder(points, orderOf.step) });
      }
      return found;
    },
  };
};
export type Metrics = ReturnType<typeof createMetrics>;

const positionOf = (cursor: string): Point => {
  const [step, time, value] = decodeCursor(cursor, ['wide', 'point', 'string']);
  return { step: stepOf(BigInt(step)), time, value: Number(value) };
};
