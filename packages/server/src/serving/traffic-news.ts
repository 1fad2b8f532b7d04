import type { Clock, Db, Events, Log } from '../platform/index.ts';
import type { ServedEndpoint } from './served-endpoints.ts';

const everyMs = 1000;

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  log: Log;
}

/** News of the traffic at an endpoint, at most once a second while there is any, and of records that were lost. */
export const createTrafficNews = ({ db, events, clock, log }: Parts) => {
  const counted = new Set<ServedEndpoint>();
  const listeners: ((endpointId: string) => void)[] = [];
  const lost = new Map<string, { records: number; reason: unknown }>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();

  const tell = async (): Promise<void> => {
    const served = [...counted];
    counted.clear();
    const losses = [...lost];
    lost.clear();
    for (const { id } of served) for (const listener of listeners) listener(id);
    for (const [endpointId, { records, reason }] of losses)
      log.error('predictions could not be logged', { endpointId, records, error: reason });
    await db.write(async (tx) => {
      for (const { id, project, name, window, state } of served) {
        const records = losses.find(([endpointId]) => endpointId === id)?.[1].records;
        const about = {
          project,
          subject: { type: 'endpoint', id },
          actor: 'system',
          correlationId: state.kind === 'starting' ? null : state.deployment.correlationId,
        };
        await events.record(tx, {
          ...about,
          type: 'predictions.counted',
          data: { endpoint: name, ...window.traffic(clock.now().getTime()) },
        });
        if (records) await events.record(tx, { ...about, type: 'predictions.lost', data: { endpoint: name, records } });
      }
    });
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (counted.size > 0 || lost.size > 0)
      telling = telling.then(tell).catch((error: unknown) => log.error('traffic could not be told', { error }));
    return telling;
  };

  return {
    listen: (listener: (endpointId: string) => void): void => void listeners.push(listener),
    count: (served: ServedEndpoint): void => {
      counted.add(served);
      timer ??= setTimeout(() => void flush(), everyMs).unref();
    },
    lose: (endpointId: string, records: number, reason: unknown): void => {
      lost.set(endpointId, { records: (lost.get(endpointId)?.records ?? 0) + records, reason });
      timer ??= setTimeout(() => void flush(), everyMs).unref();
    },
    /** Tells at once what would be told within a second. */
    flush,
  };
};
