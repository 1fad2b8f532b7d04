import type { DeclaredMonitor, Prediction } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { type Clock, createLooks, type Db, type Events, type Log } from '../../platform/index.ts';
import type { Position } from '../../platform/segments/index.ts';
import { alertStore } from './alert-store.ts';
import { factsOf } from './facts.ts';
import { type Folding, foldClock, foldRecord, forgetIdle, nextLook } from './fold.ts';
import { foldNews } from './fold-news.ts';
import type { Incidents } from './incidents.ts';
import { latenessOf, rulesOf } from './rules.ts';
import { type Group, newWatch, type Watch } from './watch-state.ts';
import { watchStore } from './watch-store.ts';

/** What is read of serving: its log, forward, from a position that outlives the process. */
export interface Records {
  /** Of the endpoint of that name; undefined while nothing was ever deployed there. */
  endpointId(project: ProjectRef, endpoint: string): Promise<string | undefined>;
  tail(endpointId: string, after: Position | null, limit: number): Promise<readonly { prediction: Prediction; position: Position }[]>;
}
export interface WatcherParts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly records: Records;
  readonly incidents: Incidents;
}
export interface Watched {
  readonly project: ProjectRef;
  readonly monitor: DeclaredMonitor;
  /** When the manifest that declares it was applied. */
  readonly since: number;
}
interface State {
  readonly watch: Watch;
  readonly groups: Map<string, Map<string, Group>>;
}

const batch = 500;
const newsBatch = 500;
const followed: ReadonlySet<string> = new Set(['window.closed', 'drift.found', 'quality.failed', 'kpi.missed']);

/**
 * Looks after the rules of one monitor. A look reads what came since the last one, decides, and writes how far it read
 * together with all that follows from it; so a look that a crash cut off is done again, and one that was not is not.
 */
export const createWatcher = ({ db, events, clock, log, records, incidents }: WatcherParts, watched: Watched) => {
  const { project } = watched;
  let { monitor } = watched;
  let rules = rulesOf(monitor);
  /** As the database has it; forgotten when a write fails. */
  let state: State | undefined;
  let isClosed = false;
  let forget = (): void => {};

  const load = async (): Promise<State> => {
    const now = clock.now().getTime();
    const found = await watchStore(db.read, project).find(monitor.name);
    const groups: State['groups'] = new Map();
    for (const group of found?.groups ?? [])
      groups.set(group.rule, (groups.get(group.rule) ?? new Map<string, Group>()).set(group.key, group));
    return { watch: found?.watch ?? newWatch(watched.since, now), groups };
  };
  const foldingOf = ({ watch, groups }: State): Folding => ({ watch, groups, rules, latenessMs: latenessOf(monitor), moves: [] });

  /** Writes what a look came to, and what follows from it. */
  const keep = async (folding: Folding): Promise<void> => {
    const { watch, groups, moves } = folding;
    const forgotten = forgetIdle(folding);
    const changed = [...groups.values()].flatMap((known) => [...known.values()].filter((group) => group.changed));
    await db.write(async (tx) => {
      const store = watchStore(tx, project);
      for (const move of moves) await incidents.carryOut(tx, { project, monitor, move });
      for (const group of changed) {
        if (group.phase.status === 'firing' && group.records > 0) {
          const evidence = { first: group.first, last: group.seen.map(({ id }) => id), records: group.records };
          await incidents.keepEvidence(tx, { project, monitor: monitor.name, rule: group.rule, groupKey: group.key, evidence });
        }
        await store.putGroup(monitor.name, group);
      }
      for (const group of forgotten) await store.removeGroup(monitor.name, group);
      await store.put(monitor.name, watch);
    });
    for (const group of changed) delete group.changed;
  };

  /** Rules that are gone, or mean something else now: what fires by them ends, and what is known of them is forgotten. */
  const adopt = async ({ watch, groups }: State): Promise<void> => {
    const current = Object.fromEntries(rules.map(({ name, digest }) => [name, digest]));
    const stale = Object.keys(watch.rules).filter((name) => watch.rules[name] !== current[name]);
    const endpointId = (await records.endpointId(project, monitor.endpoint)) ?? null;
    const isMoved = watch.endpointId !== null && watch.endpointId !== endpointId;
    if (stale.length === 0 && !isMoved && watch.endpointId === endpointId && JSON.stringify(watch.rules) === JSON.stringify(current))
      return;
    const gone = isMoved ? [...groups.keys()] : stale;
    await db.write(async (tx) => {
      const store = watchStore(tx, project);
      for (const rule of gone) {
        const resolution = isMoved
          ? 'Its monitor watches another endpoint now'
          : current[rule]
            ? 'Its rule was changed'
            : 'Its rule was removed';
        for (const id of await alertStore(tx, project).firing(monitor.name, { rule }))
          await incidents.resolve(tx, project, { id, resolution });
        for (const group of groups.get(rule)?.values() ?? []) await store.removeGroup(monitor.name, group);
      }
      for (const rule of gone) groups.delete(rule);
      if (isMoved) Object.assign(watch, newWatch(clock.now().getTime(), clock.now().getTime()), { newsSeq: watch.newsSeq });
      watch.endpointId = endpointId;
      watch.rules = current;
      await store.put(monitor.name, watch);
    });
  };

  const readRecords = async (current: State): Promise<boolean> => {
    const { watch } = current;
    if (watch.endpointId === null) return false;
    const items = await records.tail(watch.endpointId, watch.position, batch);
    if (items.length === 0) return false;
    const folding = foldingOf(current);
    const now = clock.now().getTime();
    // What a shadow answers, nobody was told.
    for (const { prediction } of items) if (prediction.shadowOf === null) foldRecord(folding, factsOf(prediction), now);
    watch.position = items.at(-1)!.position;
    await keep(folding);
    return items.length === batch;
  };
  const readNews = async (current: State): Promise<boolean> => {
    const { watch } = current;
    const news = await events.after(project.id, watch.newsSeq, newsBatch);
    if (news.length === 0) return false;
    const ours = news.filter(({ type, data }) => followed.has(type) && data['monitor'] === monitor.name);
    watch.newsSeq = news.at(-1)!.seq;
    if (ours.length > 0) {
      const folding = foldingOf(current);
      for (const event of ours) foldNews(folding, event);
      await keep(folding);
    }
    return news.length === newsBatch;
  };
  const followsNews = (): boolean => rules.some(({ kind }) => kind === 'drift' || kind === 'quality' || kind === 'kpi');

  const look = async (): Promise<void> => {
    state ??= await load();
    await adopt(state);
    while (!isClosed && (await readRecords(state)));
    while (!isClosed && followsNews() && (await readNews(state)));
    if (isClosed) return;
    const folding = foldingOf(state);
    const now = clock.now().getTime();
    const before = state.watch.quiet.ms;
    foldClock(folding, now);
    const isChanged = folding.moves.length > 0 || state.watch.quiet.ms !== before || hasChanged(folding);
    if (isChanged) await keep(folding);
    const next = nextLook(folding, now);
    forget();
    forget = next === null ? () => {} : clock.at(new Date(next), wake);
  };
  const looks = createLooks({
    clock,
    log,
    retryMs: 2000,
    complaint: 'alert rules could not be evaluated',
    look: async () => {
      try {
        await look();
      } catch (error) {
        state = undefined;
        throw error;
      }
    },
  });
  const wake = (): void => looks.hint(`${project.name}/${monitor.name}`);

  return {
    wake,
    /** The endpoint's name, by which hints find it. */
    endpoint: (): string => monitor.endpoint,
    endpointId: (): string | null => state?.watch.endpointId ?? null,
    /** Another manifest is in force. */
    redefine: (changed: DeclaredMonitor): void => {
      monitor = changed;
      rules = rulesOf(monitor);
      wake();
    },
    settled: looks.settled,
    close: async (): Promise<void> => {
      isClosed = true;
      forget();
      await looks.close();
    },
  };
};
export type Watcher = ReturnType<typeof createWatcher>;

const hasChanged = ({ groups }: Folding): boolean =>
  [...groups.values()].some((known) => [...known.values()].some(({ changed }) => changed));
