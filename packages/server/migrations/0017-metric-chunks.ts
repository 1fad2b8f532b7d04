import { type Kysely, sql } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

interface Row {
  run_id: string;
  key: string;
  step: number;
  time: number;
  is_nan: number;
  value: number;
}
type Tables = { run_metric: Row; metric_chunk: Record<string, unknown> };
const pointsInChunk = 4096;

/** A metric's history as packed chunks instead of a row a point: why, is in docs/decisions/0009. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, bytes, required } = columnsFor(db);
  await db.schema
    .createTable('metric_chunk')
    // A start that was killed in the middle begins again.
    .ifNotExists()
    .addColumn('run_id', text, required)
    .addColumn('key', text, required)
    .addColumn('id', text, required)
    .addColumn('points', 'integer', required)
    .addColumn('min_step', 'bigint', required)
    .addColumn('max_step', 'bigint', required)
    .addColumn('min_time', 'bigint', required)
    .addColumn('max_time', 'bigint', required)
    /** Last, so that SQLite reads what stands before it without it. */
    .addColumn('data', bytes, required)
    .addPrimaryKeyConstraint('metric_chunk_pk', ['run_id', 'key', 'id'])
    .execute();
  await move(db.withTables<Tables>() as unknown as Kysely<Tables>);
  await db.schema.dropTable('run_metric').execute();
};

const move = async (db: Kysely<Tables>): Promise<void> => {
  let last: Row | undefined;
  let number = 0;
  for (;;) {
    const from: Row = last ?? { run_id: '', key: '', step: 0, time: 0, is_nan: 0, value: 0 };
    const rows: Row[] = await db
      .selectFrom('run_metric')
      .selectAll()
      .where(
        sql<boolean>`(run_id, key, step, time, is_nan, value) > (${from.run_id}, ${from.key}, ${from.step}, ${from.time}, ${from.is_nan}, ${from.value})`,
      )
      .orderBy('run_id')
      .orderBy('key')
      .orderBy('step')
      .orderBy('time')
      .orderBy('is_nan')
      .orderBy('value')
      .limit(pointsInChunk)
      .execute();
    if (rows.length === 0) return;
    const series = Map.groupBy(rows, ({ run_id, key }) => JSON.stringify([run_id, key]));
    for (const points of series.values())
      await db
        .insertInto('metric_chunk')
        .values(chunkOf(points, (number++).toString(16).padStart(32, '0')))
        .onConflict((c) => c.doNothing())
        .execute();
    last = rows.at(-1);
  }
};

const chunkOf = (points: readonly Row[], id: string): Tables['metric_chunk'] => {
  const { run_id, key, step } = points[0]!;
  const times = points.map(({ time }) => time);
  return {
    run_id,
    key,
    id,
    points: points.length,
    min_step: step,
    max_step: points.at(-1)!.step,
    min_time: times.reduce((a, b) => Math.min(a, b)),
    max_time: times.reduce((a, b) => Math.max(a, b)),
    data: pack(points),
  };
};

/** The first format of chunks, as it was when this was written: its number, times, steps, values. */
const pack = (points: readonly Row[]): Uint8Array => {
  const { length } = points;
  const packed = new Uint8Array(1 + 24 * length);
  const view = new DataView(packed.buffer);
  view.setUint8(0, 1);
  points.forEach(({ time, step, is_nan, value }, i) => {
    view.setFloat64(1 + i * 8, time, true);
    view.setBigInt64(1 + (length + i) * 8, BigInt(step), true);
    view.setFloat64(1 + (2 * length + i) * 8, is_nan ? Number.NaN : value, true);
  });
  return packed;
};
