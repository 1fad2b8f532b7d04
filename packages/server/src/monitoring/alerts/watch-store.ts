import type { ProjectRef } from '../../governance/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { Group, Watch } from './watch-state.ts';

type Tables = {
  alert_watch: { project_id: string; monitor: string; state: string };
  alert_group: { project_id: string; monitor: string; rule: string; group_key: string; state: string };
};

export const watchStore = (tx: Tx, project: ProjectRef) => {
  const db = tx.withTables<Tables>();
  return {
    monitors: async (): Promise<string[]> =>
      (await db.selectFrom('alert_watch').select('monitor').where('project_id', '=', project.id).execute()).map(({ monitor }) => monitor),
    find: async (monitor: string): Promise<{ watch: Watch; groups: Group[] } | undefined> => {
      const row = await db
        .selectFrom('alert_watch')
        .select('state')
        .where('project_id', '=', project.id)
        .where('monitor', '=', monitor)
        .executeTakeFirst();
      if (!row) return undefined;
      const groups = await db
        .selectFrom('alert_group')
        .select('state')
        .where('project_id', '=', project.id)
        .where('monitor', '=', monitor)
        .execute();
      return { watch: JSON.parse(row.state) as Watch, groups: groups.map(({ state }) => JSON.parse(state) as Group) };
    },
    put: async (monitor: string, watch: Watch): Promise<void> => {
      const state = JSON.stringify(watch);
      await db
        .insertInto('alert_watch')
        .values({ project_id: project.id, monitor, state })
        .onConflict((c) => c.columns(['project_id', 'monitor']).doUpdateSet({ state }))
        .execute();
    },
    putGroup: async (monitor: string, group: Group): Promise<void> => {
      const state = JSON.stringify({ ...group, changed: undefined });
      await db
        .insertInto('alert_group')
        .values({ project_id: project.id, monitor, rule: group.rule, group_key: group.key, state })
        .onConflict((c) => c.columns(['project_id', 'monitor', 'rule', 'group_key']).doUpdateSet({ state }))
        .execute();
    },
    removeGroup: async (monitor: string, { rule, key }: Group): Promise<void> => {
      await db
        .deleteFrom('alert_group')
        .where('project_id', '=', project.id)
        .where('monitor', '=', monitor)
        .where('rule', '=', rule)
        .where('group_key', '=', key)
        .execute();
    },
    remove: async (monitor: string): Promise<void> => {
      for (const name of ['alert_group', 'alert_watch'] as const)
        await db.deleteFrom(name).where('project_id', '=', project.id).where('monitor', '=', monitor).execute();
    },
  };
};
