import { sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { newId, type Tx } from '../../platform/index.ts';
import type { FiledRun } from '../facts-store.ts';
import { together } from '../together.ts';
import { packPoints, unpackPoints } from './chunk.ts';
import { byStep, inOrder, type MetricPoint, type Point, type Step } from './metric-point.ts';
import { chunksToMerge, fullChunk } from './tiers.ts';

interface ChunkRow {
  run_id: string;
  key: string;
  id: string;
  points: number;
  min_step: Step;
  max_step: Step;
  min_time: number;
  max_time: number;
  data: Uint8Array;
}
type Tables = { run: { id: string; project_id: string }; metric_chunk: ChunkRow };

/** Some of the points of a series (a run's metric), and where they lie. */
export interface Chunk extends Pick<ChunkRow, 'id' | 'points'> {
  readonly steps: readonly [least: Step, most: Step];
  readonly times: readonly [least: number, most: number];
  /** Null where it is full, and has to be opened. */
  readonly data: Uint8Array | null;
}

/** The run of a log; its experiment is looked up where it is not said. */
type LoggedRun = Pick<FiledRun, 'id'> & Partial<FiledRun>;

/** Databases bound the number of values in one statement. */
const rowsAtOnce = 500;
/** One write in so many looks after the chunks of what it logged. By chance: that needs no count to be kept, and several servers agree. */
const tidiesOneIn = 16;

export const metricStore = (tx: Tx, { isTidying = () => Math.random() * tidiesOneIn < 1 } = {}) => {
  const db = tx.withTables<Tables>();

  const addChunks = (rows: readonly ChunkRow[]) => partsOf(rows).map((part) => db.insertInto('metric_chunk').values(part).execute());
  /** Written out: the builder takes fifteen times as long for the statement that is asked most often. */
  const moveLatest = (run: LoggedRun, series: readonly Series[]) =>
    partsOf(series).map((part) =>
      sql`
        insert into run_latest_metric (run_id, key, experiment_id, step, time, is_nan, value)
        values ${sql.join(part.map((one) => latestRow(run, one)))}
        on conflict (run_id, key) do update
        set step = excluded.step, time = excluded.time, is_nan = excluded.is_nan, value = excluded.value
        where (excluded.step, excluded.time, excluded.is_nan, excluded.value) > (run_latest_metric.step, run_latest_metric.time, run_latest_metric.is_nan, run_latest_metric.value)
      `.execute(db),
    );

  /** Whoever else merges the same chunks takes them or finds them gone: none is kept twice, and none is lost. */
  const tidy = async (runId: string, keys: readonly string[]): Promise<void> => {
    const small = await db
      .selectFrom('metric_chunk')
      .select(['key', 'id', 'points'])
      .where('run_id', '=', runId)
      .where('key', 'in', keys)
      .where('points', '<', fullChunk)
      .execute();
    const merging = [...Map.groupBy(small, ({ key }) => key)].map(([key, chunks]) => ({ key, ids: chunksToMerge(chunks) }));
    const taken = await together(
      merging
        .filter(({ ids }) => ids.length > 0)
        .map(({ key, ids }) =>
          db
            .deleteFrom('metric_chunk')
            .where('run_id', '=', runId)
            .where('key', '=', key)
            .where('id', 'in', ids)
            .returning(['key', 'data'])
            .execute(),
        ),
    );
    const merged = taken.flatMap((rows) =>
      rows.length === 0
        ? []
        : rowsOf(runId, {
            key: rows[0]!.key,
            points: inOrder(
              rows.flatMap(({ data }) => unpackPoints(data)),
              byStep,
            ),
          }),
    );
    await together(addChunks(merged));
  };

  return {
    /**
     * An exact repeat of a point vanishes when it is read, so that a client may send its points again.
     * Latest values go first and in the order of the key: writes that meet in one run then wait for each other, and not in a circle.
     */
    add: async (run: LoggedRun, points: readonly MetricPoint[]): Promise<void> => {
      const series = seriesOf(points);
      await together([...moveLatest(run, series), ...addChunks(series.flatMap((one) => rowsOf(run.id, one)))]);
      if (!isTidying()) return;
      for (const part of partsOf(series))
        await tidy(
          run.id,
          part.map(({ key }) => key),
        );
    },
    /** Where a series lies. What is not full comes with its points, for it may be merged and gone at the next question. */
    chunks: async (runId: string, key: string): Promise<Chunk[]> => {
      const rows = await db
        .selectFrom('metric_chunk')
        .select(['id', 'points', 'min_step', 'max_step', 'min_time', 'max_time'])
        .select((eb) => eb.case().when('points', '<', fullChunk).then(eb.ref('data')).else(null).end().as('data'))
        .where('run_id', '=', runId)
        .where('key', '=', key)
        .execute();
      return rows.map(({ id, points, data, ...row }) => ({
        id,
        points,
        steps: [row.min_step, row.max_step],
        times: [row.min_time, row.max_time],
        data,
      }));
    },
    open: async (runId: string, key: string, chunks: readonly Chunk[]): Promise<Point[]> => {
      const full = chunks.flatMap(({ id, data }) => (data ? [] : [id]));
      const opened =
        full.length === 0
          ? []
          : await db
              .selectFrom('metric_chunk')
              .select('data')
              .where('run_id', '=', runId)
              .where('key', '=', key)
              .where('id', 'in', full)
              .execute();
      return [...chunks.flatMap(({ data }) => (data ? [data] : [])), ...opened.map(({ data }) => data)].flatMap(unpackPoints);
    },
    /** Those of these runs that the project has. */
    runsOf: async (project: ProjectRef, runIds: readonly string[]): Promise<Set<string>> => {
      const rows = await db.selectFrom('run').select('id').where('project_id', '=', project.id).where('id', 'in', runIds).execute();
      return new Set(rows.map(({ id }) => id));
    },
    purge: async (runIds: readonly string[]): Promise<void> => {
      await db.deleteFrom('metric_chunk').where('run_id', 'in', runIds).execute();
    },
    /** How far each run's series goes; runs without it are left out. */
    extents: async (runIds: readonly string[], key: string) => {
      const rows = await db
        .selectFrom('metric_chunk')
        .select((eb) => [
          'run_id',
          eb.fn.min('min_step').as('first_step'),
          eb.fn.max('max_step').as('last_step'),
          eb.fn.min('min_time').as('first_time'),
          eb.fn.max('max_time').as('last_time'),
        ])
        .where('run_id', 'in', runIds)
        .where('key', '=', key)
        .groupBy('run_id')
        .execute();
      return new Map(
        rows.map((row) => [row.run_id, { steps: [row.first_step, row.last_step], times: [row.first_time, row.last_time] } as Extent]),
      );
    },
  };
};
export type MetricStore = ReturnType<typeof metricStore>;
export type Extent = Pick<Chunk, 'steps' | 'times'>;

interface Series {
  readonly key: string;
  /** In order, each once. */
  readonly points: readonly Point[];
}
const seriesOf = (points: readonly MetricPoint[]): Series[] =>
  [...Map.groupBy(points, ({ key }) => key)]
    .map(([key, some]) => ({ key, points: inOrder(some, byStep) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const rowsOf = (runId: string, { key, points }: Series): ChunkRow[] =>
  Array.from({ length: Math.ceil(points.length / fullChunk) }, (_, i) => {
    const some = points.slice(i * fullChunk, (i + 1) * fullChunk);
    return {
      run_id: runId,
      key,
      id: newId(),
      points: some.length,
      min_step: some[0]!.step,
      max_step: some.at(-1)!.step,
      min_time: some.reduce((least, { time }) => Math.min(least, time), Infinity),
      max_time: some.reduce((most, { time }) => Math.max(most, time), -Infinity),
      data: packPoints(some),
    };
  });

const latestRow = ({ id, experimentId }: LoggedRun, { key, points }: Series) => {
  const { step, time, value } = points.at(-1)!;
  const isNan = Number.isNaN(value);
  const experiment = experimentId ?? sql`(select experiment_id from run where id = ${id})`;
  return sql`(${id}, ${key}, ${experiment}, ${step}, ${time}, ${isNan ? 1 : 0}, ${isNan ? 0 : value})`;
};

const partsOf = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) => rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce));
