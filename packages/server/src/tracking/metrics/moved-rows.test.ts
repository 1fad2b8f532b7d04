import assert from 'node:assert/strict';
import { test } from 'node:test';
import { up } from '../../../migrations/0017-metric-chunks.ts';
import { databases } from '../../testing/databases.ts';
import { layGround } from '../../testing/ground.ts';
import { createTracking } from '../index.ts';
import { pointOnWire } from './metric-point.ts';

interface Row {
  run_id: string;
  key: string;
  step: number;
  time: number;
  is_nan: number;
  value: number;
}
type Tables = { run_metric: Row };

for (const [name, start] of Object.entries(databases))
  test(`points that an earlier release kept as rows are chunks now, on ${name}`, async () => {
    const ground = await layGround(start);
    try {
      const tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      const ids = [await tracking.runs.start(ground.actor, {}), await tracking.runs.start(ground.actor, {})].map(({ id }) => id);
      const points = [
        ...Array.from({ length: 5000 }, (_, i) => ({ step: i - 2500, time: 10_000 - i, value: i / 3 })),
        { step: 2500, time: 5, value: Number.NaN },
        { step: Number.MAX_SAFE_INTEGER, time: 5, value: -1e308 },
      ];
      const rows = ids.flatMap((run_id) =>
        ['a', 'b'].flatMap((key) =>
          points.map(({ value, ...at }): Row => {
            const isNan = Number.isNaN(value);
            return { run_id, key, ...at, is_nan: isNan ? 1 : 0, value: isNan ? 0 : value };
          }),
        ),
      );
      await ground.db.write(async (tx) => {
        await tx.schema.dropTable('metric_chunk').execute();
        await tx.schema
          .createTable('run_metric')
          .addColumn('run_id', 'text')
          .addColumn('key', 'text')
          .addColumn('step', 'bigint')
          .addColumn('time', 'bigint')
          .addColumn('is_nan', 'integer')
          .addColumn('value', 'double precision')
          .execute();
        for (let i = 0; i < rows.length; i += 1000)
          await tx
            .withTables<Tables>()
            .insertInto('run_metric')
            .values(rows.slice(i, i + 1000))
            .execute();
        await up(tx as never);
      });
      for (const id of ids)
        for (const key of ['a', 'b']) {
          const { items } = await tracking.metrics.history(ground.actor.project, id, { key, limit: 25_000 });
          assert.deepEqual(items.map(pointOnWire), points.map(pointOnWire));
          const inTime = await tracking.metrics.history(ground.actor.project, id, { key, limit: 3, axis: 'time' });
          assert.deepEqual(
            inTime.items.map(({ step }) => step),
            [2500, Number.MAX_SAFE_INTEGER, 2499],
          );
        }
    } finally {
      await ground.stop();
    }
  });
