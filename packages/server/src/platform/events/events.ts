import { EventEmitter, on } from 'node:events';
import type { BoucleEvent, EventData, EventType } from '@boucle/contract';
import type { Clock } from '../clock.ts';
import type { Db, Tx } from '../db/index.ts';
import { newId } from '../ids.ts';
import type { Log } from '../log.ts';
import { eventStore } from './event-store.ts';

export interface NewEvent<T extends EventType> {
  readonly type: T;
  readonly project: { readonly id: string; readonly name: string };
  readonly subject: { readonly type: string; readonly id: string };
  readonly actor: string;
  readonly correlationId: string | null;
  readonly data: EventData[T];
}
type Listener = (event: BoucleEvent) => void | Promise<void>;

/**
 * An outbox: news is written with the change it tells of, numbered after the commit, and then given to listeners in order.
 * What a crash left without a number gets one at the next start.
 */
export const createEvents = ({ db, clock, log }: { db: Db; clock: Clock; log: Log }) => {
  const listeners: Listener[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  let publishing: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const tell = async (event: BoucleEvent): Promise<void> => {
    for (const listener of listeners) {
      try {
        await listener(event);
      } catch (error) {
        log.error('a listener failed', { event: event.type, error });
      }
    }
  };
  const publishAll = async (): Promise<void> => {
    try {
      do {
        again = false;
        if (!(await eventStore(db.read).hasUnnumbered())) continue;
        const fresh = await db.write((tx) => eventStore(tx).number(1000));
        for (const event of fresh) await tell(event);
        if (fresh.length > 0) news.emit('published');
        again ||= fresh.length === 1000;
      } while (again && !closed);
    } catch (error) {
      log.error('events could not be published', { error });
    } finally {
      // In the same turn as the last question whether there is more, so that nobody's call falls in between.
      publishing = undefined;
    }
  };
  const publish = (): void => {
    again = true;
    if (closed) return;
    publishing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(publishAll);
  };
  // Any commit may have brought news: one indexed look, shared by all commits of a turn, is cheaper than keeping count of open writes.
  db.onCommit(publish);

  return {
    record: async <T extends EventType>(tx: Tx, event: NewEvent<T>): Promise<void> => {
      const at = clock.now();
      await eventStore(tx).insert({
        id: newId(),
        project_id: event.project.id,
        project: event.project.name,
        type: event.type,
        subject_type: event.subject.type,
        subject_id: event.subject.id,
        actor: event.actor,
        correlation_id: event.correlationId,
        at: at.toISOString(),
        data: JSON.stringify(event.data),
      });
    },
    /** Called with each event after its commit, in order, one at a time. What throws is logged and does not stop the others. */
    listen: (listener: Listener): void => void listeners.push(listener),
    after: (projectId: string, seq: number, limit: number) => eventStore(db.read).after(projectId, seq, limit),
    byCorrelation: (projectId: string, correlationId: string, limit: number) =>
      eventStore(db.read).byCorrelation(projectId, correlationId, limit),
    ofKinds: (projectId: string, correlationId: string, wanted: { types: readonly EventType[]; limit: number }) =>
      eventStore(db.read).ofKinds(projectId, correlationId, wanted),
    correlations: (projectId: string, wanted: { types: readonly EventType[]; limit: number }) =>
      eventStore(db.read).correlations(projectId, wanted),
    latestCorrelation: (projectId: string) => eventStore(db.read).latestCorrelation(projectId),
    /** All of a project's news after a number, and then the news to come, until the signal. */
    stream: async function* (projectId: string, after: number, signal: AbortSignal): AsyncGenerator<BoucleEvent> {
      const published = on(news, 'published', { signal });
      try {
        for (;;) {
          for (let page; (page = await eventStore(db.read).after(projectId, after, 500)).length > 0; after = page.at(-1)!.seq) yield* page;
          await published.next();
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await published.return?.();
      }
    },
    /** The number of the newest that has one. */
    last: (): Promise<number> => eventStore(db.read).last(),
    /** Once all listeners have heard all that was committed before; answers with the number of the last event. */
    settled: async (): Promise<number> => {
      while (!closed && (publishing ?? (await eventStore(db.read).hasUnnumbered()))) {
        publish();
        await publishing;
      }
      return eventStore(db.read).last();
    },
    /** Numbers what is left, then stops. */
    close: async (): Promise<void> => {
      closed = true;
      await publishing;
    },
    /** Looks for what a crash left unnumbered. */
    start: publish,
  };
};
export type Events = ReturnType<typeof createEvents>;
