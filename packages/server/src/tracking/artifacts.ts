import path from 'node:path';
import type { Readable } from 'node:stream';
import { AppError, type Artifact, type BlobDigest, invalid, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { Clock, Db } from '../platform/index.ts';
import { type Projects, type StoredFile, storedFile } from '../projects/index.ts';
import { type Amending, artifactOwners, type OwnerRules } from './artifact-owners.ts';
import { artifactFolder, artifactPath } from './artifact-path.ts';
import { type ArtifactOwner, artifactStore, type FolderQuery, type StoredArtifact } from './artifact-store.ts';
import { together } from './together.ts';
import { createUploads } from './uploads.ts';

interface Parts {
  db: Db;
  clock: Clock;
  blobs: Blobs;
  projects: Projects;
  owners: OwnerRules;
  maxUploadBytes: number;
}
export interface ArtifactUpload extends Amending {
  readonly path: string;
  readonly data: Readable;
  /** How many bytes the sender says will come. */
  readonly announced?: number | undefined;
}

/** Files of runs, logged models, traces and of a project, by path. The bytes are a blob, so the same file in many places is kept once. */
export const createArtifacts = ({ db, clock, blobs, projects, owners, maxUploadBytes }: Parts) => {
  const { mayRead, mayWrite } = artifactOwners(owners);

  /** A blob that is stored already, under a path of the owner: callable inside a write. */
  const add = (
    actor: Actor,
    owner: ArtifactOwner,
    { path: where, blob, size, ...amending }: { path: string; blob: BlobDigest; size: number } & Amending,
  ): Promise<Artifact> =>
    db.write(async (tx) => {
      const artifacts = artifactStore(tx);
      const artifact = { path: artifactPath(where), blob, size };
      const [, inTheWay] = await together([mayWrite(tx, actor.project, { owner, ...amending }), artifacts.inTheWay(owner, where)]);
      if (inTheWay !== undefined)
        throw invalid(`There is the artifact "${inTheWay}", so "${where}" cannot be one too: choose another path`, 'path_taken', {
          path: where,
          inTheWay,
        });
      await together([artifacts.put(owner, artifact, clock.now()), projects.blobs.hold(tx, actor.project.id, [blob])]);
      return artifact;
    });

  return {
    add,
    uploads: createUploads({ db, clock, blobs, mayWrite, add, maxUploadBytes }),
    put: async (
      actor: Actor,
      owner: ArtifactOwner,
      { path: where, data, announced = 0, ...amending }: ArtifactUpload,
    ): Promise<Artifact> => {
      artifactPath(where);
      // Before the bytes come, so that nobody sends a gigabyte in vain.
      await mayWrite(db.read, actor.project, { owner, ...amending });
      if (announced > maxUploadBytes) throw tooLarge(announced, maxUploadBytes);
      const { digest, size } = await blobs.put(data, { maxBytes: maxUploadBytes });
      return add(actor, owner, { path: where, blob: digest, size, ...amending });
    },
    /** The files and folders in one folder; a folder that is not there has none. */
    list: async (project: ProjectRef, owner: ArtifactOwner, query: FolderQuery) => {
      artifactFolder(query.folder);
      await mayRead(db.read, project, owner);
      return artifactStore(db.read).list(owner, query);
    },
    /** Every file below a folder, in the order of their paths. */
    below: async function* (project: ProjectRef, owner: ArtifactOwner, folder = ''): AsyncGenerator<StoredArtifact> {
      artifactFolder(folder);
      await mayRead(db.read, project, owner);
      yield* artifactStore(db.read).below(owner, folder);
    },
    get: async (project: ProjectRef, owner: ArtifactOwner, where: string): Promise<StoredFile> => {
      artifactPath(where);
      await mayRead(db.read, project, owner);
      const artifact = await artifactStore(db.read).find(owner, where);
      if (!artifact) throw notFound('artifact', where);
      return storedFile(blobs, artifact.blob, path.posix.basename(where));
    },
    /** The file of this path, or the whole folder; `''` is everything. What is not there is gone already. */
    remove: (actor: Actor, owner: ArtifactOwner, { path: where, ...amending }: { path: string } & Amending): Promise<void> =>
      db.write(async (tx) => {
        artifactFolder(where);
        await together([mayWrite(tx, actor.project, { owner, ...amending }), artifactStore(tx).remove(owner, where)]);
      }),
  };
};
export type Artifacts = ReturnType<typeof createArtifacts>;

const tooLarge = (announced: number, maxBytes: number): AppError =>
  new AppError('too_large', `${announced} bytes are announced, and ${maxBytes} is the most: send less, or have the limit raised`, {
    reason: 'blob_too_large',
    details: { maxBytes },
  });
