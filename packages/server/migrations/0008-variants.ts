import { type Kysely, sql } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Deployments with several variants: what assigns a unit to one, and the rollout that chose their shares. */
export const up = async (db: Kysely<{ deployment: { variants: string; endpoint_id: string; salt: string } }>): Promise<void> => {
  const { text } = columnsFor(db as never);
  await db.schema
    .alterTable('deployment')
    .addColumn('salt', text, (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('deployment').addColumn('rollout_id', text).execute();
  await db
    .updateTable('deployment')
    .set((eb) => ({ salt: eb.ref('endpoint_id'), variants: sql`replace(variants, '"share":', '"mode":"live","share":')` }))
    .execute();
};
