import type { Alert, Paging } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../../platform/index.ts';

interface AlertRow {
  id: string;
  project_id: string;
  monitor: string;
  endpoint: string;
  rule: string;
  group_key: string;
  status: Alert['status'];
  alert: string;
  channels: string;
  told: Alert['told'];
  correlation_id: string;
}
type Tables = { alert: AlertRow };

export interface AlertFilter extends Paging {
  readonly status?: Alert['status'];
  readonly endpoint?: string;
  readonly monitor?: string;
}
const fromRow = ({ alert }: AlertRow): Alert => JSON.parse(alert) as Alert;

export const alertStore = (tx: Tx, project: ProjectRef) => {
  const db = tx.withTables<Tables>();
  const all = () => db.selectFrom('alert').selectAll().where('project_id', '=', project.id);
  return {
    insert: async (alert: Alert, groupKey: string): Promise<void> => {
      const { id, monitor, endpoint, rule, status, told, channels, correlationId } = alert;
      const about = { id, project_id: project.id, monitor, endpoint, rule, group_key: groupKey, status, told };
      await db
        .insertInto('alert')
        .values({ ...about, alert: JSON.stringify(alert), channels: JSON.stringify(channels), correlation_id: correlationId })
        .execute();
    },
    put: async (alert: Alert): Promise<void> => {
      const { id, status, told } = alert;
      await db
        .updateTable('alert')
        .set({ status, told, alert: JSON.stringify(alert) })
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .execute();
    },
    find: async (id: string): Promise<Alert | undefined> => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    /** Reads it for a change: until the write ends, other changes of it wait. */
    lock: async (id: string): Promise<Alert | undefined> => {
      const row = await db
        .updateTable('alert')
        .set((eb) => ({ status: eb.ref('status') }))
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },
    firing: async (monitor: string, { rule, groupKey }: { rule?: string; groupKey?: string } = {}): Promise<string[]> => {
      let query = db
        .selectFrom('alert')
        .select('id')
        .where('project_id', '=', project.id)
        .where('monitor', '=', monitor)
        .where('status', '=', 'firing');
      if (rule !== undefined) query = query.where('rule', '=', rule);
      if (groupKey !== undefined) query = query.where('group_key', '=', groupKey);
      return (await query.execute()).map(({ id }) => id);
    },
    /** Of which their channels know less than there is to know. */
    untold: async (): Promise<string[]> =>
      (
        await db
          .selectFrom('alert')
          .select('id')
          .where('project_id', '=', project.id)
          .where((eb) =>
            eb.or([
              eb.and([eb('status', '=', 'firing'), eb('told', '=', 'nothing')]),
              eb.and([eb('status', '=', 'resolved'), eb('told', '=', 'firing')]),
            ]),
          )
          .execute()
      ).map(({ id }) => id),
    list: async ({ limit, cursor, status, endpoint, monitor }: AlertFilter) => {
      let query = all();
      if (status !== undefined) query = query.where('status', '=', status);
      if (endpoint !== undefined) query = query.where('endpoint', '=', endpoint);
      if (monitor !== undefined) query = query.where('monitor', '=', monitor);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, { item: fromRow, at: (row) => [row.id] });
    },
  };
};
