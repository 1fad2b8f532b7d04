import type { api } from '@boucle/contract';
import type { Garbage } from '../../platform/garbage/index.ts';
import type { Db, Events } from '../../platform/index.ts';
import { version } from '../../version.ts';
import type { Handlers } from '../bind.ts';

interface Parts {
  readonly db: Db;
  readonly events: Events;
  readonly startedAt: string;
  readonly lostPredictions: () => Promise<number>;
  readonly garbage: Garbage;
}

export const systemHandlers = ({ db, startedAt, lostPredictions, garbage }: Parts): Handlers<typeof api.system> => ({
  info: async () => ({
    version,
    node: process.versions.node,
    database: db.kind,
    startedAt,
    pid: process.pid,
    lostPredictions: await lostPredictions(),
  }),
  collectGarbage: async ({ body: { dryRun, graceSeconds } }) => ({
    dryRun,
    graceSeconds,
    ...(await garbage.collect({ dryRun, graceMs: graceSeconds * 1000 })),
  }),
});

export const eventHandlers = ({ events }: Pick<Parts, 'events'>): Handlers<typeof api.events> => ({
  stream: ({ actor, query, lastEventId, signal }) => events.stream(actor.project.id, lastEventId ?? query.after ?? 0, signal),
});
