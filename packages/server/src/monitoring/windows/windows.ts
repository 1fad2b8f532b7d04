import { type Monitor, type MonitorWindowDetail, notFound, type Paging, type PerformancePoint } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import type { Blobs } from '../../platform/blobs/index.ts';
import { type Clock, createLooks, type Db, type Events, type Log } from '../../platform/index.ts';
import { createChildCaller } from '../../platform/processes/index.ts';
import { createReferences, type ReferenceParts } from '../reference/references.ts';
import { monitorStore } from './monitor-store.ts';
import { createWatch, type Watch } from './watch.ts';
import { type Declared, type PredictionSource, shapeOf } from './watched.ts';
import type { handlers } from './window-child.ts';
import { windowStore } from './window-store.ts';

export interface WindowsParts {
  db: Db;
  events: Events;
  clock: Clock;
  log: Log;
  blobs: Pick<Blobs, 'has' | 'copyTo'>;
  scratch: string;
  source: PredictionSource;
  tablesOf: ReferenceParts['tablesOf'];
  /** Of all projects: the monitors of the manifests in force. */
  declared: () => Promise<readonly Declared[]>;
  /** Of one. */
  declaredIn: (project: ProjectRef) => Promise<readonly Declared[]>;
}
const childLimits = { memoryBytes: 2 ** 30, wallMs: 600_000, messageBytes: 64 * 2 ** 20 };
const retryMs = 30_000;

interface Watching {
  declared: Declared;
  watch: Watch | undefined;
  failure: string | null;
  forget: () => void;
}

/** Windows of every monitor: counted while predictions come, judged when they end, kept for who asks. */
export const createWindows = (parts: WindowsParts) => {
  const { db, clock, log, source } = parts;
  const child = createChildCaller<typeof handlers>({
    program: new URL(`./window-child.${import.meta.url.split('.').pop()}`, import.meta.url),
    concurrency: 1,
    limits: childLimits,
  });
  const references = createReferences({ ...parts, child });
  const watched = new Map<string, Watching>();
  let isClosed = false;
  let syncing: Promise<void> = Promise.resolve();

  const lookAt = async (entry: Watching): Promise<number> => {
    const { project, monitor } = entry.declared;
    const endpoint = await source.endpointOf(project, monitor.endpoint);
    // Nothing was deployed there yet: a deployment is a hint.
    if (!endpoint) return Infinity;
    if (!entry.watch || entry.watch.shape.digest !== shapeOf(entry.declared, endpoint.id).digest)
      entry.watch = await createWatch({ ...parts, references, child }, entry.declared, endpoint);
    return entry.watch.look();
  };
  const looks = createLooks({
    clock,
    log,
    look: async (key) => {
      const entry = watched.get(key);
      if (!entry) return;
      let next: number;
      try {
        next = await lookAt(entry);
        entry.failure = null;
      } catch (error) {
        if (isClosed) return;
        const { name } = entry.declared.monitor;
        log.error('a monitor cannot go on', { monitor: name, project: entry.declared.project.name, error });
        entry.failure = error instanceof Error ? error.message : String(error);
        next = clock.now().getTime() + retryMs;
      }
      entry.forget();
      if (next < Infinity && !isClosed) entry.forget = clock.at(new Date(next), () => looks.hint(key));
    },
  });

  /** Takes up what is declared now, and lets go of what is not any more. */
  const sync = async (): Promise<void> => {
    const declared = new Map((await parts.declared()).map((one) => [`${one.project.id}/${one.monitor.name}`, one]));
    for (const [key, entry] of watched) {
      if (declared.has(key)) continue;
      entry.watch?.stop();
      entry.forget();
      watched.delete(key);
    }
    for (const [key, one] of declared) {
      const entry = watched.get(key) ?? {
        declared: one,
        watch: undefined,
        failure: null,
        forget: () => {},
      };
      entry.declared = one;
      entry.watch?.redeclare(one);
      watched.set(key, entry);
      looks.hint(key);
    }
  };
  const resync = (): Promise<void> => {
    syncing = syncing.then(sync).catch((error: unknown) => {
      log.error('monitors cannot be looked up', { error });
    });
    return syncing;
  };

  const present = async ({ project, monitor }: Declared): Promise<Monitor> => {
    const { name, endpoint } = monitor;
    const state = await monitorStore(db.read).current(project, name);
    const entry = watched.get(`${project.id}/${name}`);
    const latest = await windowStore(db.read).list(project, name, { limit: 1, version: 'latest' });
    const { scored, heldUp, errorSum } = state?.estimates ?? { scored: 0, heldUp: 0, errorSum: 0 };
    const failure = entry?.failure ?? null;
    return {
      project: project.name,
      name,
      endpoint,
      declared: monitor,
      state: failure !== null ? 'failed' : state ? 'watching' : 'waiting',
      message: failure,
      watermark: state?.closedUntil ? new Date(state.closedUntil).toISOString() : null,
      outside: { future: state?.future ?? 0, past: state?.past ?? 0, late: state?.late ?? 0 },
      latest: latest.items[0] ?? null,
      qualityBlocks: await windowStore(db.read).hasFaults(project, endpoint),
      estimates: { scored, heldUp, meanError: scored === 0 ? null : errorSum / scored },
    };
  };
  const mustFind = async ({ project }: Actor, name: string): Promise<Declared> => {
    const found = (await parts.declaredIn(project)).find(({ monitor }) => monitor.name === name);
    if (!found) throw notFound('monitor', name);
    return found;
  };

  return {
    list: async ({ project }: Actor): Promise<Monitor[]> => Promise.all((await parts.declaredIn(project)).map(present)),
    get: async (actor: Actor, name: string): Promise<Monitor> => present(await mustFind(actor, name)),
    windows: async (actor: Actor, name: string, query: Paging & { version: 'latest' | 'all' }) => {
      await mustFind(actor, name);
      return windowStore(db.read).list(actor.project, name, query);
    },
    window: async ({ project }: Actor, windowId: string, version?: number): Promise<MonitorWindowDetail> => {
      const found = await windowStore(db.read).detail(project, windowId, version);
      if (!found) throw notFound('window', version === undefined ? windowId : `${windowId}, version ${version}`);
      return found;
    },
    /** A metric over the newest windows, oldest first. */
    performance: async (
      actor: Actor,
      name: string,
      { metric, of = null, limit }: { metric: string; of?: string | null | undefined; limit: number },
    ): Promise<PerformancePoint[]> => {
      await mustFind(actor, name);
      const store = windowStore(db.read);
      const { items } = await store.list(actor.project, name, { limit, version: 'latest' });
      const details = await Promise.all(items.map(({ id }) => store.detail(actor.project, id, undefined)));
      return details.reverse().flatMap((detail) => (detail ? pointsOf(detail, { metric, of }) : []));
    },
    /** Whether what came last is not fit to learn from. */
    qualityBlocks: (project: ProjectRef, endpoint: string): Promise<boolean> => windowStore(db.read).hasFaults(project, endpoint),
    /** A hint that there may be something to read at an endpoint, or at any. */
    hint: (endpointId?: string): void => {
      for (const [key, { watch }] of watched) if (endpointId === undefined || !watch || watch.endpointId === endpointId) looks.hint(key);
    },
    /** A hint that monitors or deployments may be others. */
    resync,
    start: resync,
    /** Once nothing is being read or judged. */
    settled: async (): Promise<void> => {
      await syncing;
      await looks.settled();
    },
    close: async (): Promise<void> => {
      isClosed = true;
      await syncing;
      for (const entry of watched.values()) {
        entry.watch?.stop();
        entry.forget();
      }
      await child.close();
      await looks.close();
    },
  };
};
export type Windows = ReturnType<typeof createWindows>;

const pointsOf = (detail: MonitorWindowDetail, wanted: { metric: string; of: string | null }): PerformancePoint[] => {
  const { id: windowId, from, to, version } = detail;
  const isWanted = (one: { metric: string; of: string | null }): boolean => one.metric === wanted.metric && one.of === wanted.of;
  const variants = new Set(
    [...detail.performance, ...detail.estimates]
      .filter(({ mode, slice }) => mode === 'live' && slice === null)
      .map(({ variant }) => variant),
  );
  return [...variants].flatMap((variant) => {
    const isTheirs = (one: { variant: string; mode: string; slice: unknown }): boolean =>
      one.variant === variant && one.mode === 'live' && one.slice === null;
    const known = detail.performance.find(isTheirs);
    const measured = known?.metrics.find(isWanted);
    const estimate = detail.estimates.find((one) => isTheirs(one) && isWanted(one));
    if (!measured && !estimate) return [];
    const point: PerformancePoint = {
      windowId,
      from,
      to,
      version,
      variant,
      ...wanted,
      labelled: known?.labelled ?? 0,
      value: measured?.value ?? null,
      interval: measured?.interval ?? null,
      estimate: estimate ? { value: estimate.value, interval: estimate.interval } : null,
    };
    return [point];
  });
};
