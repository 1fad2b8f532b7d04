import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('rollout')
    .addColumn('project', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('number', 'integer', required)
    .addColumn('kind', text, required)
    .addColumn('candidate', text, required)
    .addColumn('baseline', text)
    .addColumn('alias', text)
    .addColumn('policy', text, required)
    .addColumn('gates', text)
    .addColumn('approval_id', text)
    .addColumn('status', text, required)
    .addColumn('message', text, required)
    /** Where it stands, as decisions see it. */
    .addColumn('control', text, required)
    /** What the evidence says so far, and what of it waits for its turn. */
    .addColumn('comparison', text, required)
    .addColumn('pending', text, required)
    .addColumn('evidence', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('chunks', 'integer', required)
    .addColumn('verdicts', 'integer', required)
    /** As far as the prediction log and the feedback were read. */
    .addColumn('log_cursor', text)
    .addColumn('label_cursor', 'integer', required)
    /** The deployments that it made, with their shares; the last one answers. */
    .addColumn('routes', text, required)
    .addColumn('revision', 'integer', required)
    /** Its endpoint while it runs: one rollout at a time. */
    .addColumn('flight', text)
    .addColumn('started_at', text, required)
    .addColumn('started_by', text, required)
    .addColumn('ended_at', text)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('rollout_number', ['project_id', 'endpoint', 'number'])
    .addUniqueConstraint('rollout_flight', ['project_id', 'flight'])
    .execute();

  await db.schema
    .createTable('rollout_verdict')
    .addColumn('rollout_id', text, (c) => c.notNull().references('rollout.id'))
    .addColumn('number', 'integer', required)
    .addColumn('kind', text, required)
    .addColumn('seq', 'integer', required)
    .addColumn('at', text, required)
    .addColumn('decided_by', text, required)
    .addColumn('message', text, required)
    .addColumn('facts', text, required)
    .addColumn('digest', text, required)
    .addColumn('chunks', 'integer', required)
    .addColumn('control', text, required)
    .addPrimaryKeyConstraint('rollout_verdict_pk', ['rollout_id', 'number'])
    .execute();

  /** Evidence, some hundred entries a row, never changed. */
  await db.schema
    .createTable('rollout_evidence')
    .addColumn('rollout_id', text, (c) => c.notNull().references('rollout.id'))
    .addColumn('number', 'integer', required)
    .addColumn('last_seq', 'integer', required)
    .addColumn('at', text, required)
    .addColumn('requests', 'integer', required)
    .addColumn('entries', text, required)
    .addColumn('facts', text, required)
    .addColumn('digest', text, required)
    .addPrimaryKeyConstraint('rollout_evidence_pk', ['rollout_id', 'number'])
    .execute();
  await db.schema.createIndex('rollout_evidence_by_seq').on('rollout_evidence').columns(['rollout_id', 'last_seq']).execute();

  /** Which kinds of evidence a unit has given: each at most once. */
  await db.schema
    .createTable('rollout_unit')
    .addColumn('rollout_id', text, required)
    .addColumn('unit', text, required)
    .addColumn('kinds', 'integer', required)
    .addPrimaryKeyConstraint('rollout_unit_pk', ['rollout_id', 'unit'])
    .execute();

  /** What both versions answered to an input, for the label that may come. */
  await db.schema
    .createTable('rollout_pair')
    .addColumn('rollout_id', text, required)
    .addColumn('prediction_id', text, required)
    .addColumn('unit', text, required)
    .addColumn('answers', text, required)
    .addPrimaryKeyConstraint('rollout_pair_pk', ['rollout_id', 'prediction_id'])
    .execute();
};
