import type { Paging } from '@boucle/contract';
import { sql } from 'kysely';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import { compare, latestOf, type MetricPoint, realOf } from './metric-point.ts';
import { together } from './together.ts';

type MetricRow = MetricPoint & { run_id: string };
type Tables = { run_metric: MetricRow; run_latest_metric: MetricRow };
export interface HistoryQuery extends Paging {
  readonly key: string;
}
/** Databases bound the number of values in one statement. */
const atOnce = 4000;

export const metricStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();

  const addPoints = (rows: readonly MetricRow[]) =>
    db
      .insertInto('run_metric')
      .values(rows)
      .onConflict((c) => c.doNothing())
      .execute();
  const moveLatest = (rows: readonly MetricRow[]) =>
    db
      .insertInto('run_latest_metric')
      .values(rows)
      .onConflict((c) =>
        c
          .columns(['run_id', 'key'])
          .doUpdateSet((eb) => ({
            step: eb.ref('excluded.step'),
            time: eb.ref('excluded.time'),
            is_nan: eb.ref('excluded.is_nan'),
            value: eb.ref('excluded.value'),
          }))
          .where(
            sql<boolean>`(excluded.step, excluded.time, excluded.is_nan, excluded.value) > (run_latest_metric.step, run_latest_metric.time, run_latest_metric.is_nan, run_latest_metric.value)`,
          ),
      )
      .execute();

  return {
    /**
     * An exact repeat of a point is dropped, so that a client may send its points again.
     * Always in the order of the key: batches that meet in one run then wait for each other, and not in a circle.
     */
    add: async (runId: string, points: readonly MetricPoint[]): Promise<void> => {
      const rows = (some: readonly MetricPoint[]): MetricRow[][] =>
        partsOf(some.toSorted(compare).map((point) => ({ run_id: runId, ...point })));
      await together([...rows(points).map(addPoints), ...rows(latestOf(points)).map(moveLatest)]);
    },
    latest: async (runId: string): Promise<MetricPoint[]> =>
      db.selectFrom('run_latest_metric').selectAll().where('run_id', '=', runId).orderBy('key').execute(),
    history: async (runId: string, { key, limit, cursor }: HistoryQuery) => {
      let query = db
        .selectFrom('run_metric')
        .selectAll()
        .where('run_id', '=', runId)
        .where('key', '=', key)
        .orderBy('step')
        .orderBy('time')
        .orderBy('is_nan')
        .orderBy('value')
        .limit(limit + 1);
      if (cursor !== undefined) {
        const [step, time, isNan, value] = decodeCursor(cursor, ['point', 'point', 'number', 'string']);
        query = query.where(sql<boolean>`(step, time, is_nan, value) > (${step}, ${time}, ${isNan}, ${Number(value)})`);
      }
      return pageOf(await query.execute(), limit, {
        item: (r) => ({ value: realOf(r), step: r.step, time: r.time }),
        at: (r) => [r.step, r.time, r.is_nan, String(r.value)],
      });
    },
  };
};

const partsOf = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / atOnce) }, (_, i) => rows.slice(i * atOnce, (i + 1) * atOnce));
