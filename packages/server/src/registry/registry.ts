import path from 'node:path';
import { type Evidence, type ModelVersion, notFound, type Paging, type RegisteredModel, type TreeDigest } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, type Events, newId, type Tx } from '../platform/index.ts';
import { type Projects, type StoredFile, storedFile } from '../projects/index.ts';
import type { Tracking } from '../tracking/index.ts';
import { createAliases } from './aliases.ts';
import { describePackage, type PackageInfo } from './describe-package.ts';
import { modelStore } from './model-store.ts';
import { requireModel, requireVersion } from './require-version.ts';
import { versionStore } from './version-store.ts';

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  blobs: Blobs;
  projects: Projects;
  tracking: Tracking;
  /** A folder for what is read once. */
  scratch: string;
}
export interface NewVersion {
  readonly model: string;
  readonly package: PackageInfo;
  readonly runId: string | null;
  readonly stepRunId: string | null;
  readonly evidence: readonly Evidence[];
  readonly predictions: string | null;
  readonly correlationId: string;
  /** Pointed at the version in the same write. */
  readonly alias?: string | undefined;
}

export const createRegistry = ({ db, events, clock, blobs, projects, tracking, scratch }: Parts) => {
  const aliases = createAliases({ db, events });

  const describe = (digest: TreeDigest): Promise<PackageInfo> => describePackage({ blobs, scratch }, digest);

  /** The version that holds the package, made where there is none. It joins a write that it is called in. */
  const register = (actor: Actor, input: NewVersion): Promise<ModelVersion> =>
    db.write(async (tx) => {
      const version = await versionFor(tx, actor, input);
      if (!input.alias) return version;
      return aliases.set(actor, { model: input.model, alias: input.alias, number: version.number }, version.correlationId);
    });

  const versionFor = async (tx: Tx, actor: Actor, input: NewVersion): Promise<ModelVersion> => {
    const { project } = actor;
    const { package: made, model: name, evidence } = input;
    const createdAt = clock.now().toISOString();
    const model = await modelStore(tx).lock(project, name, createdAt);
    const held = await versionStore(tx).findDigest(project, model.id, made.digest);
    if (held) return held;

    const version: ModelVersion = {
      id: newId(),
      project: project.name,
      model: name,
      number: model.latest + 1,
      digest: made.digest,
      task: made.task,
      signature: made.signature,
      labels: made.labels,
      runId: input.runId,
      stepRunId: input.stepRunId,
      evidence: [...evidence],
      predictions: input.predictions,
      aliases: [],
      createdAt,
      createdBy: actor.id,
      correlationId: input.correlationId,
    };
    await versionStore(tx).insert(project.id, model.id, version);
    await modelStore(tx).setLatest(model.id, version.number);
    await projects.blobs.hold(tx, project.id, [made.digest, ...made.blobs]);
    await events.record(tx, {
      type: 'model_version.registered',
      project,
      subject: { type: 'model-version', id: version.id },
      actor: actor.id,
      correlationId: version.correlationId,
      data: {
        model: name,
        number: version.number,
        digest: version.digest,
        evidence: evidence.map(({ metric, value }) => ({ metric, value })),
      },
    });
    return version;
  };

  const get = async (project: ProjectRef, name: string, number: number): Promise<ModelVersion> =>
    requireVersion(db.read, project, { model: await requireModel(db.read, project, name), number });

  return {
    models: {
      list: (project: ProjectRef, paging: Paging) => modelStore(db.read).list(project, paging),
      get: (project: ProjectRef, name: string): Promise<RegisteredModel> => requireModel(db.read, project, name),
    },
    versions: {
      list: async (project: ProjectRef, name: string, paging: Paging) => {
        const model = await requireModel(db.read, project, name);
        return versionStore(db.read).list(project, model.id, paging);
      },
      get,
      byId: async (project: ProjectRef, id: string): Promise<ModelVersion> => {
        const version = await versionStore(db.read).byId(project, id);
        if (!version) throw notFound('model version', id);
        return version;
      },
      /** The newest version of any model. */
      newest: (project: ProjectRef): Promise<ModelVersion | undefined> => versionStore(db.read).newest(project),
      /** Outside a write, since it reads blobs; what it answers is handed to `register`. */
      describe,
      register,
      /** A package that the project holds, by hand. */
      create: async (actor: Actor, { model, digest, runId }: { model: string; digest: string; runId?: string }): Promise<ModelVersion> => {
        const { project } = actor;
        const tree = digest as TreeDigest;
        const requireHeld = async (digests: readonly string[]): Promise<void> => {
          const [missing] = await projects.blobs.missing(project, digests);
          if (missing) throw notFound('blob of the model package', missing);
        };
        await requireHeld([tree]);
        await requireHeld((await blobs.tree(tree)).map(({ blob }) => blob));
        const run = runId === undefined ? undefined : await tracking.runs.get(project, runId);
        return register(actor, {
          model,
          package: await describe(tree),
          runId: run?.id ?? null,
          stepRunId: run?.stepRunId ?? null,
          evidence: [],
          predictions: null,
          correlationId: run?.correlationId ?? newId(),
        });
      },
      file: async (project: ProjectRef, { model, number }: { model: string; number: number }, where: string): Promise<StoredFile> => {
        const { digest } = await get(project, model, number);
        const entry = (await blobs.tree(digest as TreeDigest)).find((one) => one.path === where);
        if (!entry) throw notFound('file of the package', where);
        return storedFile(blobs, entry.blob, path.posix.basename(where));
      },
    },
    aliases,
    resolve: aliases.resolve,
  };
};
export type Registry = ReturnType<typeof createRegistry>;
