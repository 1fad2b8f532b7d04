import { AppError, notFound, type Paging, type Project } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, type Events, newId, orConflict } from '../platform/index.ts';
import type { ScheduleFault } from './check-triggers.ts';
import { createManifests } from './manifests.ts';
import { createProjectBlobs } from './project-blobs.ts';
import { projectStore } from './project-store.ts';

/** The project that is always there; its id is the same everywhere. */
export const defaultProject: ProjectRef = { id: '0'.repeat(32), name: 'default' };

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  maxUploadBytes: number;
  /** What is wrong with a pipeline's schedule. */
  scheduleFault?: ScheduleFault;
}

export const createProjects = ({ db, events, clock, blobs, maxUploadBytes, scheduleFault }: Parts) => {
  /** A project keeps its name and id for ever, so what was found once is known. */
  const known = new Map<string, ProjectRef>();
  const projectBlobs = createProjectBlobs({ db, clock, blobs, maxUploadBytes });

  const insert = (project: ProjectRef, problem: string, actor: string): Promise<Project> =>
    db.write(async (tx) => {
      const row: Project = { name: project.name, problem, createdAt: clock.now().toISOString(), manifestId: null };
      await orConflict(projectStore(tx).insert(project.id, row), `A project named ${project.name} is there already: choose another name`, {
        project: project.name,
      });
      await events.record(tx, {
        type: 'project.created',
        project,
        subject: { type: 'project', id: project.id },
        actor,
        correlationId: null,
        data: { name: project.name },
      });
      return row;
    });

  return {
    /** At start: `default` is there from the first one on. */
    ensureDefault: async (): Promise<void> => {
      if (await projectStore(db.read).idOf(defaultProject.name)) return;
      await insert(defaultProject, '', 'system').catch((error: unknown) => {
        // Another replica started in the same moment.
        if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      });
    },
    resolve: async (name: string): Promise<ProjectRef> => {
      const before = known.get(name);
      if (before) return before;
      const id = await projectStore(db.read).idOf(name);
      if (!id) throw notFound('project', name);
      const project = { id, name };
      known.set(name, project);
      return project;
    },
    /** For what the server does by itself in each of them. */
    all: (): Promise<ProjectRef[]> => projectStore(db.read).all(),
    list: (paging: Paging) => projectStore(db.read).list(paging),
    get: async (project: ProjectRef): Promise<Project> => {
      const found = await projectStore(db.read).find(project.id);
      if (!found) throw notFound('project', project.name);
      return found;
    },
    create: (actor: Actor, { name, problem = '' }: { name: string; problem?: string }): Promise<Project> =>
      insert({ id: newId(), name }, problem, actor.id),
    manifests: createManifests({ db, events, clock, blobs, projectBlobs, scheduleFault }),
    blobs: projectBlobs,
  };
};
export type Projects = ReturnType<typeof createProjects>;
