import path from 'node:path';
import type { Readable } from 'node:stream';
import { type Artifact, type BlobDigest, invalid, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { Db } from '../platform/index.ts';
import { type Projects, type StoredFile, storedFile } from '../projects/index.ts';
import { artifactStore } from './artifact-store.ts';
import { requireRunning } from './runs.ts';
import { runStore } from './run-store.ts';
import { together } from './together.ts';

interface Parts {
  db: Db;
  blobs: Blobs;
  projects: Projects;
  maxUploadBytes: number;
}

/** Files of a run, by path. The bytes are a blob, so the same file under many runs is kept once. */
export const createArtifacts = ({ db, blobs, projects, maxUploadBytes }: Parts) => {
  const requireRun = async (project: ProjectRef, runId: string): Promise<void> => {
    if (!(await runStore(db.read).statusOf(project, runId))) throw notFound('run', runId);
  };
  /** A blob that is stored already, under a path of the run: callable inside a write. */
  const add = (actor: Actor, runId: string, artifact: { path: string; blob: BlobDigest; size: number }): Promise<Artifact> =>
    db.write(async (tx) => {
      const artifacts = artifactStore(tx);
      const [, inTheWay] = await together([requireRunning(tx, actor.project, runId), artifacts.inTheWay(runId, artifact.path)]);
      if (inTheWay !== undefined)
        throw invalid(
          `The run has the artifact "${inTheWay}", so "${artifact.path}" cannot be one too: choose another path`,
          'path_taken',
          {
            path: artifact.path,
            inTheWay,
          },
        );
      await together([artifacts.put(runId, artifact), projects.blobs.hold(tx, actor.project.id, [artifact.blob])]);
      return artifact;
    });

  return {
    add,
    put: async (actor: Actor, runId: string, { path: where, data }: { path: string; data: Readable }): Promise<Artifact> => {
      // Before the bytes come, so that nobody sends a gigabyte in vain.
      await requireRunning(db.read, actor.project, runId);
      const { digest, size } = await blobs.put(data, { maxBytes: maxUploadBytes });
      return add(actor, runId, { path: where, blob: digest, size });
    },
    list: async (project: ProjectRef, runId: string): Promise<Artifact[]> => {
      await requireRun(project, runId);
      return artifactStore(db.read).list(runId);
    },
    get: async (project: ProjectRef, runId: string, where: string): Promise<StoredFile> => {
      await requireRun(project, runId);
      const artifact = await artifactStore(db.read).find(runId, where);
      if (!artifact) throw notFound('artifact', where);
      return storedFile(blobs, artifact.blob, path.posix.basename(where));
    },
  };
};
