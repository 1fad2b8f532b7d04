import { byStep, byTime, inOrder, type Order, type Point, type Step } from './metric-point.ts';
import type { Chunk, Extent, MetricStore } from './metric-store.ts';

/** One metric of one run. */
export interface Series {
  readonly runId: string;
  readonly key: string;
}
/** Along what its points lie. */
export type Axis = 'step' | 'time';
export const orderOf: Readonly<Record<Axis, Order>> = { step: byStep, time: byTime };
export const reachOf = (axis: Axis, { steps, times }: Extent): readonly [least: Step, most: Step] => (axis === 'step' ? steps : times);

/** So many points are open at once, however long the series is. */
const pointsOpen = 65_536;
const batchesOf = (chunks: readonly Chunk[], size: number): Chunk[][] => {
  const batches: Chunk[][] = [];
  let room = 0;
  for (const chunk of chunks) {
    if (room <= 0) {
      batches.push([]);
      room = size;
    }
    batches.at(-1)!.push(chunk);
    room -= chunk.points;
  }
  return batches;
};

/** All points of those chunks of a series that are asked for, some at a time, in no order, and a repeat as often as it was logged. */
export async function* pointsWithin(store: MetricStore, { runId, key }: Series, isAsked: (reach: Extent) => boolean) {
  for (const batch of batchesOf((await store.chunks(runId, key)).filter(isAsked), pointsOpen)) yield await store.open(runId, key, batch);
}

interface Paged {
  readonly axis: Axis;
  readonly count: number;
  readonly after?: Point;
}
/** The first points of a series after one of them, in order and each once; chunks that lie elsewhere stay closed. */
export const firstPoints = async (store: MetricStore, { runId, key }: Series, { axis, count, after }: Paged): Promise<Point[]> => {
  const order = orderOf[axis];
  const placeOf = (point: Point): Step => (axis === 'step' ? point.step : point.time);
  const chunks = (await store.chunks(runId, key))
    .filter((chunk) => after === undefined || reachOf(axis, chunk)[1] >= placeOf(after))
    .sort((a, b) => (reachOf(axis, a)[0] < reachOf(axis, b)[0] ? -1 : 1));
  let first: Point[] = [];
  for (const batch of batchesOf(chunks, Math.min(count, pointsOpen))) {
    const last = first[count - 1];
    if (last && placeOf(last) < reachOf(axis, batch[0]!)[0]) break;
    const opened = await store.open(runId, key, batch);
    first = inOrder([...first, ...(after ? opened.filter((point) => order(point, after) > 0) : opened)], order).slice(0, count);
  }
  return first;
};
