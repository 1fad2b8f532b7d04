import type { Paging } from '@boucle/contract';
import { sql } from 'kysely';
import { among, decodeCursor, pageOf, type Tx } from '../../platform/index.ts';
import type { EvaluationRecord, RecordSource } from './evaluation-dataset.ts';

interface RecordRow {
  id: string;
  dataset_id: string;
  input_hash: string;
  inputs: string;
  outputs: string | null;
  expectations: string | null;
  tags: string;
  source: string | null;
  created_at: number;
  updated_at: number;
  created_by: string | null;
  updated_by: string | null;
}
/** Databases bound the number of values in one statement. */
const rowsAtOnce = 200;

export const evaluationRecordStore = (tx: Tx) => {
  const db = tx.withTables<{ evaluation_record: RecordRow }>();
  const of = (datasetId: string) => db.selectFrom('evaluation_record').where('dataset_id', '=', datasetId);
  return {
    /** By what names them. */
    byInputs: async (datasetId: string, hashes: readonly string[]): Promise<Map<string, EvaluationRecord>> => {
      const rows = of(datasetId)
        .selectAll()
        .where(among(tx, sql.ref('input_hash'), hashes));
      return new Map((await rows.execute()).map((row) => [row.input_hash, recordOf(row)]));
    },
    /** New ones, and what others have become. */
    put: async (records: ReadonlyMap<string, EvaluationRecord>): Promise<void> => {
      const rows = [...records].map(([hash, record]) => rowOf(hash, record));
      for (let at = 0; at < rows.length; at += rowsAtOnce)
        await db
          .insertInto('evaluation_record')
          .values(rows.slice(at, at + rowsAtOnce))
          .onConflict((c) =>
            c.column('id').doUpdateSet((eb) => ({
              outputs: eb.ref('excluded.outputs'),
              expectations: eb.ref('excluded.expectations'),
              tags: eb.ref('excluded.tags'),
              updated_at: eb.ref('excluded.updated_at'),
              updated_by: eb.ref('excluded.updated_by'),
            })),
          )
          .execute();
    },
    /** In the order in which they came. */
    page: async (datasetId: string, { limit, cursor }: Paging) => {
      const all = of(datasetId).selectAll();
      const rows = cursor === undefined ? all : all.where('id', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(
        await rows
          .orderBy('id')
          .limit(limit + 1)
          .execute(),
        limit,
        { item: recordOf, at: ({ id }) => [id] },
      );
    },
    /** Which of them were there. */
    remove: async (datasetId: string, ids: readonly string[]): Promise<string[]> => {
      const gone = db.deleteFrom('evaluation_record').where('dataset_id', '=', datasetId);
      return (
        await gone
          .where(among(tx, sql.ref('id'), ids))
          .returning('id')
          .execute()
      ).map(({ id }) => id);
    },
    /** Up to `limit`; how many went is told. */
    purgeSome: async (datasetId: string, limit: number): Promise<number> => {
      const some = of(datasetId).select('id').limit(limit);
      return Number((await db.deleteFrom('evaluation_record').where('id', 'in', some).executeTakeFirst()).numDeletedRows);
    },
  };
};

const rowOf = (input_hash: string, record: EvaluationRecord): RecordRow => ({
  id: record.id,
  dataset_id: record.datasetId,
  input_hash,
  inputs: record.inputs,
  outputs: record.outputs,
  expectations: record.expectations,
  tags: record.tags,
  source: record.source && JSON.stringify(record.source),
  created_at: record.createdAt,
  updated_at: record.updatedAt,
  created_by: record.createdBy,
  updated_by: record.updatedBy,
});
const recordOf = (row: RecordRow): EvaluationRecord => ({
  id: row.id,
  datasetId: row.dataset_id,
  inputs: row.inputs,
  outputs: row.outputs,
  expectations: row.expectations,
  tags: row.tags,
  source: row.source === null ? null : (JSON.parse(row.source) as RecordSource),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  createdBy: row.created_by,
  updatedBy: row.updated_by,
});
