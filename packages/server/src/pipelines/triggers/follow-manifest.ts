import type { Manifest, Plan } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { type Clock, type Db, newId } from '../../platform/index.ts';
import { type DeclaredTrigger, triggersOf, zoneOf } from './declared.ts';
import { nextDue } from './due-times.ts';
import { type TriggerRow, triggerStore } from './trigger-store.ts';

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly manifestOf: (project: ProjectRef) => Promise<Manifest | undefined>;
  readonly latestVersion: (project: ProjectRef, dataset: string) => Promise<number>;
}
/** A trigger of the manifest in force. */
export interface InForce extends DeclaredTrigger {
  readonly plan: Plan;
}
/** With how far it has come. */
export interface Followed extends InForce {
  readonly row: TriggerRow;
}

const keyOf = ({ pipeline, spec }: { readonly pipeline: string; readonly spec: string }): string => `${pipeline}\n${spec}`;

/** The triggers of the manifest in force, and for each how far it has come. */
export const createFollowing = ({ db, clock, manifestOf, latestVersion }: Parts) => {
  const inForce = async (project: ProjectRef): Promise<InForce[]> => {
    const manifest = await manifestOf(project);
    return (manifest?.pipelines ?? []).flatMap((plan) => triggersOf(plan).map((trigger) => ({ ...trigger, plan })));
  };
  const followed = async (project: ProjectRef): Promise<Followed[]> => {
    const rows = new Map((await triggerStore(db.read).of(project.id)).map((row) => [keyOf(row), row]));
    return (await inForce(project)).flatMap((one) => {
      const row = rows.get(keyOf(one));
      return row ? [{ ...one, row }] : [];
    });
  };
  const rowOf = async (project: ProjectRef, { pipeline, name, spec, trigger }: InForce): Promise<TriggerRow> => {
    const now = clock.now();
    const due = 'schedule' in trigger ? nextDue({ schedule: trigger.schedule, zone: zoneOf(trigger) }, now) : null;
    const seen = 'newVersionOf' in trigger ? await latestVersion(project, trigger.newVersionOf) : null;
    const begun = { next_due: due?.toISOString() ?? null, seen, passed_over: 0, created_at: now.toISOString() };
    return { id: newId(), project_id: project.id, pipeline, name, spec, ...begun };
  };

  return {
    inForce,
    followed,
    /** Rows for the triggers of the manifest in force, and for no others: one that is new begins now. */
    follow: async (project: ProjectRef): Promise<void> => {
      const rows = await triggerStore(db.read).of(project.id);
      const wanted = new Map((await inForce(project)).map((one) => [keyOf(one), one]));
      const known = new Set(rows.map(keyOf));
      const gone = rows.filter((row) => !wanted.has(keyOf(row)));
      const renamed = rows.filter((row) => (wanted.get(keyOf(row))?.name ?? row.name) !== row.name);
      const added = [...wanted.values()].filter((one) => !known.has(keyOf(one)));
      if (gone.length + renamed.length + added.length === 0) return;
      const fresh = await Promise.all(added.map((one) => rowOf(project, one)));
      await db.write(async (tx) => {
        const triggers = triggerStore(tx);
        for (const { id } of gone) await triggers.remove(id);
        for (const row of renamed) await triggers.rename(row.id, wanted.get(keyOf(row))!.name);
        for (const row of fresh) await triggers.add(row);
      });
    },
  };
};
