import {
  type Alert,
  type BoucleEvent,
  type DeclaredMonitor,
  invalid,
  type Matcher,
  notFound,
  type Paging,
  type Silence,
} from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import type { Notifications } from '../../notifications/index.ts';
import { newId, once } from '../../platform/index.ts';
import { type AlertFilter, alertStore } from './alert-store.ts';
import { createIncidents } from './incidents.ts';
import { silenceStore, type StoredSilence } from './silence-store.ts';
import { statusAt } from './silenced.ts';
import { createWatcher, type Records, type Watcher, type WatcherParts } from './watcher.ts';
import { watchStore } from './watch-store.ts';

export interface AlertsParts extends Omit<WatcherParts, 'incidents'> {
  readonly records: Records;
  readonly notifications: Pick<Notifications, 'send'>;
  readonly projects: () => Promise<readonly ProjectRef[]>;
  /** Of the manifest in force, and when it was applied. */
  readonly monitorsOf: (
    project: ProjectRef,
  ) => Promise<{ readonly monitors: readonly DeclaredMonitor[]; readonly appliedAt: string } | undefined>;
}
export interface NewSilence {
  readonly matchers: readonly Matcher[];
  readonly from?: string | undefined;
  readonly until: string;
  readonly comment: string;
  readonly key?: string | undefined;
}

/** Rules of monitors held against what comes, alerts that follow, and silences. */
export const createAlerts = (parts: AlertsParts) => {
  const { db, clock, log, projects, monitorsOf } = parts;
  const incidents = createIncidents(parts);
  const watchers = new Map<string, Watcher>();
  const keyOf = (project: ProjectRef, monitor: string): string => `${project.id}/${monitor}`;
  const underWay = new Set<Promise<void>>();
  const endings = new Map<string, () => void>();
  let isClosed = true;

  const inTheBack = (what: string, work: () => Promise<void>): void => {
    const working = work()
      .catch((error: unknown) => log.error(what, { error }))
      .finally(() => underWay.delete(working));
    underWay.add(working);
  };

  /** Brings what is watched in line with the manifest in force. */
  const adopt = async (project: ProjectRef): Promise<void> => {
    const { monitors = [], appliedAt = '' } = (await monitorsOf(project)) ?? {};
    const known = new Set([...(await watchStore(db.read, project).monitors()), ...namesWatched(project)]);
    for (const monitor of monitors) {
      known.delete(monitor.name);
      const key = keyOf(project, monitor.name);
      const watcher = watchers.get(key);
      if (watcher) watcher.redefine(monitor);
      else if (!isClosed) {
        const made = createWatcher({ ...parts, incidents }, { project, monitor, since: Date.parse(appliedAt) });
        watchers.set(key, made);
        made.wake();
      }
    }
    for (const name of known) {
      const key = keyOf(project, name);
      await watchers.get(key)?.close();
      watchers.delete(key);
      await db.write(async (tx) => {
        for (const id of await alertStore(tx, project).firing(name))
          await incidents.resolve(tx, project, { id, resolution: 'Its monitor was removed' });
        await watchStore(tx, project).remove(name);
      });
    }
  };
  const namesWatched = (project: ProjectRef): string[] =>
    [...watchers.keys()].filter((key) => key.startsWith(`${project.id}/`)).map((key) => key.slice(project.id.length + 1));

  /** Silences end by the clock: what they held back is told then, if it is still so. */
  const followSilences = async (project: ProjectRef): Promise<void> => {
    await db.write((tx) => incidents.tellOwed(tx, project));
    const now = clock.now();
    const [next] = (await silenceStore(db.read, project).notEnded(now.toISOString())).filter(
      (silence) => statusAt(silence, now) === 'active',
    );
    endings.get(project.id)?.();
    endings.delete(project.id);
    if (next && !isClosed)
      endings.set(
        project.id,
        clock.at(new Date(next.until), () => lookAtSilences(project)),
      );
  };
  const lookAtSilences = (project: ProjectRef): void => {
    if (!isClosed) inTheBack('silences could not be followed', () => followSilences(project));
  };

  const onEvent = ({ type, subject, data }: BoucleEvent, project: ProjectRef): void => {
    if (type === 'manifest.applied') inTheBack('monitors could not be read', () => adopt(project));
    else if (type === 'deployment.ready')
      for (const watcher of watchers.values()) {
        if (watcher.endpoint() === data['endpoint']) watcher.wake();
      }
    else if (subject.project === project.name) watchers.get(keyOf(project, String(data['monitor'])))?.wake();
  };
  const shown = (silence: StoredSilence): Silence => ({ ...silence, status: statusAt(silence, clock.now()) });

  return {
    list: (actor: Actor, filter: AlertFilter) => alertStore(db.read, actor.project).list(filter),
    get: async (actor: Actor, id: string): Promise<Alert> => {
      const alert = await alertStore(db.read, actor.project).find(id);
      if (!alert) throw notFound('alert', id);
      return alert;
    },
    /** The same once more changes only the comment. */
    acknowledge: (actor: Actor, about: { alertId: string; comment: string }): Promise<Alert> =>
      db.write((tx) => incidents.acknowledge(tx, actor, about)),
    silences: {
      list: async (actor: Actor, paging: Paging) => {
        const { items, nextCursor } = await silenceStore(db.read, actor.project).list(paging);
        return { items: items.map(shown), nextCursor };
      },
      create: async ({ project, id: by }: Actor, { matchers, from, until, comment, key }: NewSilence): Promise<Silence> => {
        const now = clock.now().toISOString();
        const begin = from === undefined ? now : new Date(from).toISOString();
        const end = new Date(until).toISOString();
        if (end <= begin || end <= now)
          throw invalid(`A silence ends after it begins, and later than now (${now}): ${end} is too early`, 'bad_silence', {
            from: begin,
            until: end,
          });
        const silence: StoredSilence = {
          id: newId(),
          project: project.name,
          matchers: [...matchers],
          from: begin,
          until: end,
          comment,
          createdAt: now,
          createdBy: by,
        };
        const asked = { matchers, from, until, comment };
        const kept = await db.write((tx) =>
          once(tx, { projectId: project.id, route: 'silences.create', key, asked }, clock, async () => {
            await silenceStore(tx, project).insert(silence);
            return silence;
          }),
        );
        lookAtSilences(project);
        return shown(kept);
      },
      remove: async ({ project }: Actor, id: string): Promise<void> => {
        const isKnown = await db.write((tx) => silenceStore(tx, project).end(id, clock.now().toISOString()));
        if (!isKnown) throw notFound('silence', id);
        lookAtSilences(project);
      },
    },
    /** A hint: something was answered there. */
    answered: (endpointId: string): void => {
      for (const watcher of watchers.values()) if (watcher.endpointId() === endpointId || watcher.endpointId() === null) watcher.wake();
    },
    onEvent,
    /** Resolves when all that came is read, and all that follows is written. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
      await Promise.all([...watchers.values()].map((watcher) => watcher.settled()));
    },
    /** Finds again in the database all that is to be watched. */
    start: async (): Promise<void> => {
      isClosed = false;
      for (const project of await projects()) {
        await adopt(project);
        lookAtSilences(project);
      }
    },
    close: async (): Promise<void> => {
      isClosed = true;
      for (const stop of endings.values()) stop();
      while (underWay.size > 0) await Promise.all(underWay);
      await Promise.all([...watchers.values()].map((watcher) => watcher.close()));
    },
  };
};
export type Alerts = ReturnType<typeof createAlerts>;
