import { createHash } from 'node:crypto';
import {
  AppError,
  type BlobDigest,
  blobDigest,
  canonicalJson,
  invalid,
  type Manifest,
  type ManifestChange,
  type ManifestVersion,
  notFound,
  type TreeDigest,
} from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, type Events, newId, type Tx } from '../platform/index.ts';
import { checkManifest } from './check-manifest.ts';
import type { ScheduleFault } from './check-triggers.ts';
import { manifestChanges } from './manifest-changes.ts';
import { manifestStore } from './manifest-store.ts';
import type { ProjectBlobs } from './project-blobs.ts';
import { projectStore } from './project-store.ts';

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  projectBlobs: ProjectBlobs;
  scheduleFault?: ScheduleFault | undefined;
}

/** A project's code and declarations as data, one version after another; the last one applied is in force. */
export const createManifests = ({ db, events, clock, blobs, projectBlobs, scheduleFault }: Parts) => {
  const inForce = async (project: ProjectRef, tx: Tx = db.read): Promise<ManifestVersion | undefined> => {
    const id = (await projectStore(tx).find(project.id))?.manifestId;
    return id ? manifestStore(tx).find(project, id) : undefined;
  };

  /** What the bundle needs and the project does not have. Of a tree that is missing, nobody knows the files yet. */
  const missingOf = async (project: ProjectRef, { bundle }: Manifest): Promise<BlobDigest[]> => {
    const trees = [bundle.tree, ...bundle.packages.flatMap(({ tree }) => tree ?? [])] as TreeDigest[];
    const missing = await projectBlobs.missing(project, trees);
    if (missing.length > 0) return missing;
    const entries = (await Promise.all(trees.map((tree) => blobs.tree(tree)))).flat();
    return projectBlobs.missing(
      project,
      entries.map(({ blob }) => blob),
    );
  };

  /** A module that a step names is among the sources that travelled with it. */
  const checkSources = async ({ pipelines, bundle }: Manifest): Promise<void> => {
    const sources = new Set((await blobs.tree(bundle.tree as TreeDigest)).map((entry) => entry.path));
    for (const { pipeline, steps } of pipelines) {
      for (const { id, code } of steps) {
        if (!('module' in code) || code.module.startsWith('@boucle/project/') || sources.has(code.module)) continue;
        throw invalid(`Step ${pipeline}.${id} is in ${code.module}, which is not among the sources of the bundle`, 'module_missing', {
          module: code.module,
        });
      }
    }
  };

  return {
    preview: async (project: ProjectRef, manifest: Manifest): Promise<{ changes: ManifestChange[]; missing: BlobDigest[] }> => {
      checkManifest(manifest, scheduleFault);
      const before = await inForce(project);
      return { changes: manifestChanges(before?.manifest, manifest), missing: await missingOf(project, manifest) };
    },
    /** Puts a manifest in force. The one that is in force already stays the version it is. */
    apply: async (actor: Actor, manifest: Manifest): Promise<ManifestVersion> => {
      const { project } = actor;
      checkManifest(manifest, scheduleFault);
      if (manifest.project !== project.name) {
        throw invalid(
          `This is the manifest of project ${manifest.project}, and was sent to ${project.name}: send it there`,
          'wrong_project',
        );
      }
      const missing = await missingOf(project, manifest);
      if (missing.length > 0) {
        throw new AppError('failed_precondition', `${missing.length} blobs of the bundle are not here yet: upload them, then apply again`, {
          reason: 'blobs_missing',
          details: { missing: missing.slice(0, 100), count: missing.length },
        });
      }
      await checkSources(manifest);
      const digest = blobDigest(createHash('sha256').update(canonicalJson(manifest)).digest('hex'));
      return db.write(async (tx) => {
        const manifests = manifestStore(tx);
        const currentId = await projectStore(tx).lockManifest(project.id);
        const current = currentId === null ? undefined : await manifests.find(project, currentId);
        if (current?.digest === digest) return current;

        const number = (current?.number ?? 0) + 1;
        const appliedAt = clock.now().toISOString();
        const version: ManifestVersion = { id: newId(), project: project.name, number, digest, manifest, appliedAt, appliedBy: actor.id };
        await manifests.insert(project, version);
        await projectStore(tx).putInForce(project.id, version.id, manifest.problem);
        await events.record(tx, {
          type: 'manifest.applied',
          project,
          subject: { type: 'manifest', id: version.id },
          actor: actor.id,
          correlationId: null,
          data: { manifestId: version.id, number, changes: manifestChanges(current?.manifest, manifest).length },
        });
        return version;
      });
    },
    current: async (project: ProjectRef): Promise<ManifestVersion> => {
      const current = await inForce(project);
      if (!current) throw noManifest(project);
      return current;
    },
    /** The one in force, if any was ever applied. */
    inForce,
    get: async (project: ProjectRef, id: string): Promise<ManifestVersion> => {
      const found = await manifestStore(db.read).find(project, id);
      if (!found) throw notFound('manifest', id);
      return found;
    },
  };
};
export type Manifests = ReturnType<typeof createManifests>;

const noManifest = ({ name }: ProjectRef): AppError =>
  new AppError('not_found', `Project ${name} has no manifest yet: run \`boucle apply\` in its folder`, {
    reason: 'no_manifest',
    details: { project: name },
  });
