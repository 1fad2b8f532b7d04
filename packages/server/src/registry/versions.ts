import path from 'node:path';
import {
  type Evidence,
  invalid,
  type ModelStage,
  type ModelVersion,
  notFound,
  type Paging,
  requireFiles,
  type TreeDigest,
} from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, type Events, newId, type Tx } from '../platform/index.ts';
import { type Projects, type StoredFile, storedFile } from '../projects/index.ts';
import type { Tracking } from '../tracking/index.ts';
import type { createAliases } from './aliases.ts';
import { describePackage, type PackageInfo } from './describe-package.ts';
import { modelStore } from './model-store.ts';
import type { Models } from './models.ts';
import { packageFacts } from './package-facts.ts';
import { createPlaces, ifThere } from './place-of-source.ts';
import { isPrompt, promptNews } from './prompt.ts';
import { requireModel, requireVersion } from './require-version.ts';
import { tagStore } from './tag-store.ts';
import { checkTags, type Texts } from './tags.ts';
import { versionStore, type VersionPlaces } from './version-store.ts';

export interface VersionParts {
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
  /** The folder that holds them. */
  readonly predictionsTree?: string | null;
  readonly correlationId: string;
  /** Pointed at the version in the same write. */
  readonly alias?: string | undefined;
}
/** What a client says of something that it logged, here or elsewhere. */
export interface NewSource {
  readonly model: string;
  readonly source: string;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  readonly description?: string | undefined;
  readonly runLink?: string | undefined;
  readonly tags?: Texts;
}
export interface VersionName {
  readonly model: string;
  readonly number: number;
}
type NewFacts = Pick<ModelVersion, 'digest' | 'task' | 'signature' | 'labels' | 'runId' | 'stepRunId' | 'correlationId'> &
  Partial<ModelVersion> &
  VersionPlaces & {
    readonly name: string;
    /** The model, locked by this write. */
    readonly held: { readonly id: string; readonly latest: number };
  };

export const createVersions = (parts: VersionParts & { aliases: ReturnType<typeof createAliases>; models: Models }) => {
  const { db, events, clock, blobs, projects, tracking, aliases, models } = parts;
  const now = (): string => clock.now().toISOString();
  const about = (actor: Actor, { id, correlationId }: Pick<ModelVersion, 'id' | 'correlationId'>) => ({
    project: actor.project,
    subject: { type: 'model-version', id },
    actor: actor.id,
    correlationId,
  });
  const find = async (tx: Tx, project: ProjectRef, { model, number }: VersionName) => {
    const registered = await requireModel(tx, project, model);
    return { model: registered, version: await requireVersion(tx, project, { model: registered, number }) };
  };
  const locationOf = async (project: ProjectRef, { id }: ModelVersion): Promise<string | null> =>
    (await versionStore(db.read).places(project, id)).location ?? null;
  const placeOf = createPlaces({ blobs, tracking, resolve: aliases.resolve, locationOf });

  const insert = async (tx: Tx, actor: Actor, { name, held, predictionsTree, location, ...facts }: NewFacts): Promise<ModelVersion> => {
    const { project } = actor;
    const at = now();
    const version: ModelVersion = {
      source: null,
      loggedModelId: null,
      description: '',
      tags: {},
      stage: 'none',
      runLink: null,
      evidence: [],
      predictions: null,
      ...facts,
      id: newId(),
      project: project.name,
      model: name,
      number: held.latest + 1,
      aliases: [],
      createdAt: at,
      updatedAt: at,
      createdBy: actor.id,
    };
    await versionStore(tx).insert({ projectId: project.id, modelId: held.id }, version, {
      predictionsTree: predictionsTree ?? null,
      location: location ?? null,
    });
    await modelStore(tx).update(held.id, { latest: version.number, updatedAt: at });
    const { number, digest, evidence, source, runId, description, tags } = version;
    const model = await requireModel(tx, project, name);
    await events.record(tx, {
      ...about(actor, version),
      type: 'model_version.registered',
      data: {
        model: name,
        number,
        digest,
        evidence: evidence.map(({ metric, value }) => ({ metric, value })),
        ...(source !== null && { source, description, tags, ...(runId !== null && { runId }) }),
        ...promptNews(model),
      },
    });
    return version;
  };

  const versionFor = async (tx: Tx, actor: Actor, input: NewVersion): Promise<ModelVersion> => {
    const { project } = actor;
    const { package: made, model: name } = input;
    await models.make(tx, actor, { name });
    const held = (await modelStore(tx).lock(project, name))!;
    const known = await versionStore(tx).findDigest(project, held.id, made.digest);
    if (known) return known;
    const version = await insert(tx, actor, {
      name,
      held,
      digest: made.digest,
      task: made.task,
      signature: made.signature,
      labels: made.labels,
      runId: input.runId,
      stepRunId: input.stepRunId,
      evidence: [...input.evidence],
      predictions: input.predictions,
      predictionsTree: input.predictionsTree ?? null,
      correlationId: input.correlationId,
    });
    await projects.blobs.hold(tx, project.id, [made.digest, ...made.blobs]);
    return version;
  };

  /** The version that holds the package, made where there is none. It joins a write that it is called in. */
  const register = (actor: Actor, input: NewVersion): Promise<ModelVersion> =>
    db.write(async (tx) => {
      const version = await versionFor(tx, actor, input);
      if (!input.alias) return version;
      return aliases.set(actor, { model: input.model, alias: input.alias, number: version.number }, version.correlationId);
    });
  /** Outside a write, since it reads blobs; what it answers is handed to `register`. */
  const describe = (digest: TreeDigest): Promise<PackageInfo> => describePackage(parts, digest);

  const tellStaged = async (
    tx: Tx,
    actor: Actor,
    { to: stage, ...version }: Pick<ModelVersion, 'id' | 'number' | 'stage' | 'correlationId' | 'model'> & { to: ModelStage },
  ): Promise<void> => {
    if (version.stage === stage) return;
    const { model, number, stage: before } = version;
    await events.record(tx, { ...about(actor, version), type: 'model_version.staged', data: { model, number, stage, before } });
  };

  return {
    list: async (project: ProjectRef, name: string, paging: Paging) => {
      const model = await requireModel(db.read, project, name);
      return versionStore(db.read).list(project, model.id, paging);
    },
    get: async (project: ProjectRef, model: string, number: number): Promise<ModelVersion> =>
      (await find(db.read, project, { model, number })).version,
    /** Of one that was removed too: whoever was served by it keeps its id. */
    byId: async (project: ProjectRef, id: string): Promise<ModelVersion> => {
      const version = await versionStore(db.read).byId(project, id);
      if (!version) throw notFound('model version', id);
      return version;
    },
    /** The folder of the predictions that its evidence was computed from. */
    predictionsTree: async (project: ProjectRef, id: string): Promise<string | null> =>
      (await versionStore(db.read).places(project, id)).predictionsTree ?? null,
    /** Where its files can be downloaded, as far as a client said: what its source led to, or the source itself. */
    locationOf: async (project: ProjectRef, version: ModelVersion): Promise<string | null> =>
      (await locationOf(project, version)) ?? version.source,
    /** The newest version of any model. */
    newest: (project: ProjectRef): Promise<ModelVersion | undefined> => versionStore(db.read).newest(project),
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
    /** What a client logged, as a new version each time. Its files are ours to keep where they lie in our store now. */
    registerSource: async (actor: Actor, input: NewSource): Promise<ModelVersion> => {
      const { project } = actor;
      const { model: name, description = '', runLink = null, tags = {} } = input;
      checkTags(tags);
      await requireModel(db.read, project, name);
      const place = await placeOf(project, {
        source: input.source,
        runId: input.runId || null,
        loggedModelId: input.loggedModelId || null,
        hasFiles: !isPrompt(tags),
      });
      const { version: copied } = place;
      const runId = input.runId || copied?.runId || place.loggedModel?.sourceRunId || null;
      // An alias moves on, and the copy does not.
      const source = copied === null ? input.source : `models:/${copied.model}/${copied.number}`;
      const run = runId === null ? null : await ifThere(tracking.runs.get(project, runId));
      const facts = place.digest === null ? undefined : await packageFacts(parts, place.digest);
      return db.write(async (tx) => {
        const held = await modelStore(tx).lock(project, name);
        if (!held) throw notFound('model', name);
        const version = await insert(tx, actor, {
          name,
          held,
          digest: place.digest,
          task: facts?.task ?? null,
          signature: facts?.signature ?? null,
          labels: facts?.labels ?? [],
          source,
          location: place.location,
          loggedModelId: place.loggedModel?.id ?? null,
          description,
          runLink,
          tags: { ...tags },
          runId,
          stepRunId: run?.stepRunId ?? null,
          evidence: copied?.evidence ?? [],
          correlationId: run?.correlationId ?? copied?.correlationId ?? newId(),
        });
        if (place.digest !== null && facts) await projects.blobs.hold(tx, project.id, [place.digest, ...facts.blobs]);
        if (place.loggedModel)
          await tracking.loggedModels.addVersion(actor, place.loggedModel.id, { name, version: String(version.number) });
        return version;
      });
    },
    update: (actor: Actor, { description, ...named }: VersionName & { description: string }): Promise<ModelVersion> =>
      db.write(async (tx) => {
        const { version } = await find(tx, actor.project, named);
        const updatedAt = now();
        await versionStore(tx).update(version.id, { description, updatedAt });
        return { ...version, description, updatedAt };
      }),
    /** Its number is not given again, and its aliases go. Whoever holds its id still reads it. */
    remove: (actor: Actor, named: VersionName): Promise<void> =>
      db.write(async (tx) => {
        const { model, version } = await find(tx, actor.project, named);
        const at = now();
        const gone = await modelStore(tx).removeAliases(model.id, version.number);
        await versionStore(tx).update(version.id, { updatedAt: at, deletedAt: at });
        await modelStore(tx).update(model.id, { updatedAt: at });
        for (const alias of gone) await aliases.tellRemoved(tx, actor, { model, ...alias });
        await events.record(tx, {
          ...about(actor, version),
          type: 'model_version.removed',
          data: { model: model.name, number: version.number },
        });
      }),
    /** With `archiveOthers` it is the only one of its stage. */
    transition: (
      actor: Actor,
      { stage, archiveOthers = false, ...named }: VersionName & { stage: ModelStage; archiveOthers?: boolean },
    ): Promise<ModelVersion> =>
      db.write(async (tx) => {
        if (archiveOthers && stage !== 'staging' && stage !== 'production')
          throw invalid(`Others are archived for stage staging or production, and not for ${stage}: leave that out`, 'bad_stage', {
            stage,
          });
        const { model, version } = await find(tx, actor.project, named);
        const updatedAt = now();
        const archived = archiveOthers ? await versionStore(tx).archive(model.id, { stage, but: version.id, at: updatedAt }) : [];
        await versionStore(tx).update(version.id, { stage, updatedAt });
        await modelStore(tx).update(model.id, { updatedAt });
        const { correlationId } = version;
        for (const other of archived) await tellStaged(tx, actor, { ...other, stage, correlationId, model: model.name, to: 'archived' });
        await tellStaged(tx, actor, { ...version, to: stage });
        return { ...version, stage, updatedAt };
      }),
    setTags: (actor: Actor, named: VersionName, tags: Texts): Promise<void> =>
      db.write(async (tx) => {
        checkTags(tags);
        const { model, version } = await find(tx, actor.project, named);
        await tagStore(tx).versions.set(version.id, tags);
        const prompt = promptNews(model);
        for (const [key, value] of Object.entries(tags))
          await events.record(tx, {
            ...about(actor, version),
            type: 'model_version_tag.set',
            data: { model: model.name, number: version.number, key, value, ...prompt },
          });
      }),
    /** One that is not there is gone already. */
    removeTag: (actor: Actor, { key, ...named }: VersionName & { key: string }): Promise<void> =>
      db.write(async (tx) => {
        const { model, version } = await find(tx, actor.project, named);
        if (!(await tagStore(tx).versions.remove(version.id, key))) return;
        await events.record(tx, {
          ...about(actor, version),
          type: 'model_version_tag.removed',
          data: { model: model.name, number: version.number, key, ...promptNews(model) },
        });
      }),
    file: async (project: ProjectRef, named: VersionName, where: string): Promise<StoredFile> => {
      const { digest } = requireFiles((await find(db.read, project, named)).version);
      const entry = (await blobs.tree(digest)).find((one) => one.path === where);
      if (!entry) throw notFound('file of the package', where);
      return storedFile(blobs, entry.blob, path.posix.basename(where));
    },
  };
};
export type Versions = ReturnType<typeof createVersions>;
