import { AppError, invalid, isModelName, type ModelStage, modelStages, type ModelVersion, type RegisteredModel } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, isDuplicate, newId, type Tx } from '../platform/index.ts';
import { modelStore } from './model-store.ts';
import { promptNews } from './prompt.ts';
import { requireModel } from './require-version.ts';
import { tagStore } from './tag-store.ts';
import { checkTags, type Texts } from './tags.ts';
import { versionStore } from './version-store.ts';

export interface NewModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: Texts;
}

/** Names for versions; a rename or a removal leaves what was resolved before as it is. */
export const createModels = ({ db, events, clock }: { db: Db; events: Events; clock: Clock }) => {
  const now = (): string => clock.now().toISOString();
  const about = (actor: Actor, id: string) => ({
    project: actor.project,
    subject: { type: 'model', id },
    actor: actor.id,
    correlationId: null,
  });

  /** False where it is there already. Joins a write. */
  const make = async (tx: Tx, actor: Actor, { name, description = '', tags = {} }: NewModel): Promise<boolean> => {
    checkName(name);
    checkTags(tags);
    const id = newId();
    if (!(await modelStore(tx).insert(actor.project, { id, name, description, at: now() }))) return false;
    await tagStore(tx).models.set(id, tags);
    await events.record(tx, {
      ...about(actor, id),
      type: 'model.created',
      data: { model: name, description, tags: { ...tags }, ...promptNews({ tags }) },
    });
    return true;
  };

  return {
    make,
    create: (actor: Actor, model: NewModel): Promise<RegisteredModel> =>
      db.write(async (tx) => {
        if (!(await make(tx, actor, model))) throw taken(model.name);
        return requireModel(tx, actor.project, model.name);
      }),
    get: (project: ProjectRef, name: string): Promise<RegisteredModel> => requireModel(db.read, project, name),
    /** Versions, aliases and tags go along with a new name. */
    update: (actor: Actor, model: string, change: { name?: string; description?: string }): Promise<RegisteredModel> =>
      db.write(async (tx) => {
        const before = await requireModel(tx, actor.project, model);
        const name = change.name ?? before.name;
        const isRenamed = name !== before.name;
        if (isRenamed) {
          checkName(name);
          if (await modelStore(tx).find(actor.project, name)) throw taken(name);
        }
        const updatedAt = now();
        await orTaken(name, modelStore(tx).update(before.id, { ...change, updatedAt }));
        if (isRenamed)
          await events.record(tx, { ...about(actor, before.id), type: 'model.renamed', data: { model: name, before: before.name } });
        return { ...before, ...change, updatedAt };
      }),
    /** With its versions, aliases and tags. Its name is free then. */
    remove: (actor: Actor, name: string): Promise<void> =>
      db.write(async (tx) => {
        const { id } = await requireModel(tx, actor.project, name);
        const at = now();
        await modelStore(tx).removeAliases(id);
        await versionStore(tx).removeOf(id, at);
        await modelStore(tx).update(id, { updatedAt: at, deletedAt: at });
        await events.record(tx, { ...about(actor, id), type: 'model.removed', data: { model: name } });
      }),
    setTags: (actor: Actor, name: string, tags: Texts): Promise<void> =>
      db.write(async (tx) => {
        checkTags(tags);
        const model = await requireModel(tx, actor.project, name);
        await tagStore(tx).models.set(model.id, tags);
        const prompt = promptNews({ tags: { ...model.tags, ...tags } });
        for (const [key, value] of Object.entries(tags))
          await events.record(tx, { ...about(actor, model.id), type: 'model_tag.set', data: { model: name, key, value, ...prompt } });
      }),
    /** One that is not there is gone already. */
    removeTag: (actor: Actor, { model: name, key }: { model: string; key: string }): Promise<void> =>
      db.write(async (tx) => {
        const model = await requireModel(tx, actor.project, name);
        if (!(await tagStore(tx).models.remove(model.id, key))) return;
        await events.record(tx, { ...about(actor, model.id), type: 'model_tag.removed', data: { model: name, key, ...promptNews(model) } });
      }),
    /** The newest version of each of these stages, as far as there are any. */
    newest: async (project: ProjectRef, name: string, stages: readonly ModelStage[] = modelStages): Promise<ModelVersion[]> => {
      const { id } = await requireModel(db.read, project, name);
      return versionStore(db.read).newestOfStages(project, [id], stages);
    },
    /** Of several models, by their ids. */
    newestOf: (project: ProjectRef, modelIds: readonly string[]): Promise<ModelVersion[]> =>
      versionStore(db.read).newestOfStages(project, modelIds, modelStages),
  };
};
export type Models = ReturnType<typeof createModels>;

const checkName = (name: string): void => {
  if (isModelName(name)) return;
  throw invalid(
    `Registered model name '${name.slice(0, 256)}' cannot be used: it must not be blank, have / or : in it, or more than 256 characters`,
    'bad_name',
    { name: name.slice(0, 256) },
  );
};
/** Somebody else may give the name meanwhile. */
const orTaken = async <T>(name: string, change: Promise<T>): Promise<T> => {
  try {
    return await change;
  } catch (reason) {
    throw isDuplicate(reason) ? taken(name) : reason;
  }
};
const taken = (name: string): AppError =>
  new AppError('conflict', `A model named "${name}" is there already: use it, or choose another name`, {
    reason: 'already_exists',
    details: { model: name },
  });
