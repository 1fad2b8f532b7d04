import { AppError, type ModelVersion, type TreeDigest, type TreeEntry, treeListing } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { LoggedModel, Tracking } from '../tracking/index.ts';
import { badSource, isWithin, parseSource, type Source } from './source.ts';

/** Where a source leads now: what a version keeps of it. */
export interface Place {
  /** Where a client downloads it; null for the source itself. */
  readonly location: string | null;
  /** The folder of its files; null where they are not in our store. */
  readonly digest: TreeDigest | null;
  readonly loggedModel: LoggedModel | null;
  /** Of which it is a copy. */
  readonly version: ModelVersion | null;
}
interface Asked {
  readonly source: string;
  readonly runId: string | null;
  readonly loggedModelId: string | null;
  /** Whether anything has to be there: what has no files names no place. */
  readonly hasFiles: boolean;
}
interface Parts {
  blobs: Pick<Blobs, 'putBytes'>;
  tracking: Pick<Tracking, 'runs' | 'artifacts' | 'loggedModels'>;
  resolve(project: ProjectRef, reference: string): Promise<ModelVersion>;
  locationOf(project: ProjectRef, version: ModelVersion): Promise<string | null>;
}
/** More is no package, and nobody's request should read so many rows. */
const mostFiles = 10_000;

export const createPlaces = ({ blobs, tracking, resolve, locationOf }: Parts) => {
  /** From the digests of the files that are there: no byte is read. */
  const treeOf = async (project: ProjectRef, { owner, folder }: Extract<Source, { kind: 'files' }>): Promise<TreeDigest | null> => {
    const entries: TreeEntry[] = [];
    try {
      for await (const { path, blob, size } of tracking.artifacts.below(project, owner, folder)) {
        if (entries.length === mostFiles) return null;
        entries.push({ path: folder === '' ? path : path.slice(folder.length + 1), blob, size });
      }
    } catch (error) {
      // A client may name a run of another server, and a folder as it likes.
      if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid_request')) return null;
      throw error;
    }
    if (entries.length === 0) return null;
    const { digest } = await blobs.putBytes(treeListing(entries));
    return digest.replace('blob:', 'tree:') as TreeDigest;
  };
  const filesAt = async (project: ProjectRef, files: Extract<Source, { kind: 'files' }>, named: LoggedModel | null): Promise<Place> => {
    const [kind, id] = files.owner.split(':') as [string, string];
    if (kind === 'model') {
      const loggedModel = await tracking.loggedModels.get(project, id);
      const location = files.folder === '' ? loggedModel.artifactUri : `${loggedModel.artifactUri}/${files.folder}`;
      return { ...nowhere, location, loggedModel, digest: await treeOf(project, files) };
    }
    const digest = await treeOf(project, files);
    if (digest !== null) return { ...nowhere, loggedModel: named, digest };
    // Newer clients log a model beside the run, and still name it by the run.
    const loggedModel = named ?? (await tracking.loggedModels.ofRun(project, id, files.folder)) ?? null;
    if (!loggedModel) return nowhere;
    return { ...nowhere, loggedModel, digest: await treeOf(project, { kind: 'files', owner: `model:${loggedModel.id}`, folder: '' }) };
  };
  /** A path of a client's machine says nothing to us; as MLflow does, it is taken where the run or the model lies there. */
  const checkLocal = async (project: ProjectRef, path: string, { source, runId }: Asked): Promise<void> => {
    const run = runId === null ? null : await ifThere(tracking.runs.get(project, runId));
    if (run?.artifactUri && isWithin(path, run.artifactUri)) return;
    throw badSource(
      source,
      'To use a local path as a model version source, the run_id or model_id has to be given, and the path has to be contained within its artifact directory',
    );
  };

  return async (project: ProjectRef, asked: Asked): Promise<Place> => {
    const named = asked.loggedModelId === null ? null : await tracking.loggedModels.get(project, asked.loggedModelId);
    if (!asked.hasFiles) return { ...nowhere, loggedModel: named };
    const source = parseSource(asked.source);
    switch (source.kind) {
      case 'files':
        return filesAt(project, source, named);
      case 'loose':
        return {
          ...nowhere,
          loggedModel: named,
          digest: await treeOf(project, { kind: 'files', owner: `project:${project.id}`, folder: source.folder }),
        };
      case 'version':
      case 'alias': {
        const version = await resolve(
          project,
          source.kind === 'version' ? `${source.model}/${source.number}` : `${source.model}@${source.alias}`,
        );
        checkSame(version, asked);
        const loggedModel =
          named ?? (version.loggedModelId === null ? null : await ifThere(tracking.loggedModels.get(project, version.loggedModelId)));
        const location = (await locationOf(project, version)) ?? version.source;
        return { location, digest: version.digest as TreeDigest | null, loggedModel, version };
      }
      case 'local':
        if (!named || !isWithin(source.path, named.artifactUri)) await checkLocal(project, source.path, asked);
        return { ...nowhere, loggedModel: named };
      case 'elsewhere':
        return { ...nowhere, loggedModel: named };
    }
  };
};
/** What is copied says what it came from; another run or model would be a false one. */
const checkSame = (version: ModelVersion, { source, runId, loggedModelId }: Asked): void => {
  if ((runId ?? version.runId) === version.runId && (loggedModelId ?? version.loggedModelId) === version.loggedModelId) return;
  throw badSource(
    source,
    `it is version ${version.number} of "${version.model}", so leave run_id and model_id out, or say those of that version`,
  );
};
const nowhere: Place = { location: null, digest: null, loggedModel: null, version: null };

export const ifThere = async <T>(looked: Promise<T>): Promise<T | null> => {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
};
