import type { DatasetInput, Run } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';
import { type MetricPoint, realOf } from './metric-point.ts';
import { together } from './together.ts';

interface KeyValueRow {
  run_id: string;
  key: string;
  value: string;
}
interface InputRow {
  run_id: string;
  dataset: string;
  number: number;
  digest: string;
  context: string;
}
type Tables = {
  run_param: KeyValueRow;
  run_tag: KeyValueRow;
  run_input: InputRow;
  run_latest_metric: MetricPoint & { run_id: string };
};

/** What is logged to a run besides the points of its metrics. */
export type Facts = Pick<Run, 'params' | 'tags' | 'metrics' | 'inputs'>;
type Texts = Readonly<Record<string, string>>;

/** Rows go in ordered by their key: logs that meet in one run then wait for each other, and not in a circle. */
const rowsOf = (runId: string, texts: Texts): KeyValueRow[] =>
  Object.keys(texts)
    .sort()
    .map((key) => ({ run_id: runId, key, value: texts[key]! }));

export const factsStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** Of several runs, in four questions however many they are. */
    of: async (runIds: readonly string[]): Promise<(runId: string) => Facts> => {
      const all = new Map<string, Facts>(runIds.map((id) => [id, { params: {}, tags: {}, metrics: {}, inputs: [] }]));
      if (runIds.length === 0) return (id) => all.get(id)!;
      const [params, tags, metrics, inputs] = await together([
        db.selectFrom('run_param').selectAll().where('run_id', 'in', runIds).orderBy('key').execute(),
        db.selectFrom('run_tag').selectAll().where('run_id', 'in', runIds).orderBy('key').execute(),
        db.selectFrom('run_latest_metric').selectAll().where('run_id', 'in', runIds).orderBy('key').execute(),
        db
          .selectFrom('run_input')
          .selectAll()
          .where('run_id', 'in', runIds)
          .orderBy('dataset')
          .orderBy('number')
          .orderBy('context')
          .execute(),
      ]);
      for (const row of params) setOwn(all.get(row.run_id)!.params, row.key, row.value);
      for (const row of tags) setOwn(all.get(row.run_id)!.tags, row.key, row.value);
      for (const row of metrics) setOwn(all.get(row.run_id)!.metrics, row.key, realOf(row));
      for (const { run_id, dataset, number, digest, context } of inputs)
        all.get(run_id)!.inputs.push({ dataset, number, digest, ...(context && { context }) });
      return (id) => all.get(id)!;
    },
    /** Those that are there with another value; the others are there now. */
    addParams: async (runId: string, params: Texts): Promise<{ key: string; value: string }[]> => {
      const rows = rowsOf(runId, params);
      const added = await db
        .insertInto('run_param')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .returning('key')
        .execute();
      if (added.length === rows.length) return [];
      const known = db.selectFrom('run_param').select(['key', 'value']).where('run_id', '=', runId).where('key', 'in', Object.keys(params));
      return (await known.execute()).filter(({ key, value }) => params[key] !== value);
    },
    setTags: async (runId: string, tags: Texts): Promise<void> => {
      await db
        .insertInto('run_tag')
        .values(rowsOf(runId, tags))
        .onConflict((c) => c.columns(['run_id', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
        .execute();
    },
    addInputs: async (runId: string, inputs: readonly DatasetInput[]): Promise<void> => {
      const rows = inputs.map(({ dataset, number, digest, context = '' }) => ({ run_id: runId, dataset, number, digest, context }));
      await db
        .insertInto('run_input')
        .values(rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)))
        .onConflict((c) => c.doNothing())
        .execute();
    },
  };
};

/** A user's key may be `__proto__`. */
const setOwn = <T>(record: Record<string, T>, key: string, value: T): void =>
  void Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
