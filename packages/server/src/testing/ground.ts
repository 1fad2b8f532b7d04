import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { EventData, EventType } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { type Blobs, createBlobs } from '../platform/blobs/index.ts';
import { diskFiles, type Files } from '../platform/files/index.ts';
import { eventStore } from '../platform/events/event-store.ts';
import { createEvents, type Db, type Events, openDb, silentLog } from '../platform/index.ts';
import { createProjects, type Projects } from '../projects/index.ts';
import type { TestDatabase } from './databases.ts';
import { stillClock } from './still-clock.ts';

/** What a module's operations stand on: a database, blobs in a folder, a still clock, and two projects with an owner each. */
export interface Ground {
  readonly db: Db;
  readonly events: Events;
  readonly clock: ReturnType<typeof stillClock>;
  readonly blobs: Blobs;
  readonly projects: Projects;
  /** A folder that goes with the ground. */
  readonly folder: string;
  readonly actor: Actor;
  readonly stranger: Actor;
  /** Says that the project has a manifest, for what looks only at projects that do. */
  nameManifest(): Promise<void>;
  /** What was announced in a project, of one type. */
  newsOf<T extends EventType>(type: T, actor?: Actor): Promise<EventData[T][]>;
  stop(): Promise<void>;
}

interface GroundOptions {
  readonly maxUploadBytes?: number;
  /** Where blobs lie; in a folder of this disk unless told. */
  readonly files?: Files;
}

export const layGround = async (
  start: () => Promise<TestDatabase>,
  { maxUploadBytes = 1_000_000, files = diskFiles }: GroundOptions = {},
): Promise<Ground> => {
  const server = await start();
  const db = await openDb(server.url);
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-ground-'));
  const clock = stillClock();
  const events = createEvents({ db, clock, log: silentLog });
  const blobs = await createBlobs(path.join(folder, 'blobs'), files);
  const projects = createProjects({ db, events, clock, blobs, maxUploadBytes });
  const nobody: Actor = { id: 'owner', permissions: 'all', project: { id: '', name: '' } };
  for (const name of ['airline', 'elsewhere']) await projects.create(nobody, { name });
  const actor = { ...nobody, project: await projects.resolve('airline') };
  return {
    db,
    events,
    clock,
    blobs,
    projects,
    folder,
    actor,
    stranger: { ...nobody, project: await projects.resolve('elsewhere') },
    nameManifest: async () => {
      await db.write((tx) =>
        tx
          .withTables<{ project: { id: string; manifest_id: string } }>()
          .updateTable('project')
          .set({ manifest_id: 'a'.repeat(32) })
          .where('id', '=', actor.project.id)
          .execute(),
      );
    },
    newsOf: async <T extends EventType>(type: T, { project } = actor) => {
      while (await eventStore(db.read).hasUnnumbered()) await setImmediate();
      const news = await events.after(project.id, 0, 10_000);
      return news.filter((event) => event.type === type).map((event) => event.data as unknown as EventData[T]);
    },
    stop: async () => {
      await events.close();
      await db.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
};
