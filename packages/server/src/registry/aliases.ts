import { AppError, invalid, type ModelVersion, parseModelReference, type RegisteredModel } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Db, Events, Tx } from '../platform/index.ts';
import { checkAliasName } from './alias-name.ts';
import { modelStore } from './model-store.ts';
import { promptNews } from './prompt.ts';
import { requireModel, requireVersion } from './require-version.ts';

/** An alias moves; a deployment that was made by it does not. */
export const createAliases = ({ db, events }: { db: Db; events: Events }) => {
  /** In the write that takes it away. */
  const tellRemoved = (
    tx: Tx,
    actor: Actor,
    { model, alias, number }: { model: RegisteredModel; alias: string; number: number },
  ): Promise<void> =>
    events.record(tx, {
      type: 'alias.removed',
      project: actor.project,
      subject: { type: 'model', id: model.id },
      actor: actor.id,
      correlationId: null,
      data: { model: model.name, alias, number, ...promptNews(model) },
    });

  const get = async (project: ProjectRef, { model: name, alias }: { model: string; alias: string }): Promise<ModelVersion> => {
    const model = await requireModel(db.read, project, name);
    const number = numberAt(model, alias);
    if (number === undefined) throw unknownAlias(model, alias);
    return requireVersion(db.read, project, { model, number });
  };

  return {
    tellRemoved,
    set: async (
      actor: Actor,
      { model: name, alias, number }: { model: string; alias: string; number: number },
      correlationId: string | null = null,
    ): Promise<ModelVersion> => {
      checkAliasName(alias);
      return db.write(async (tx) => {
        const model = await requireModel(tx, actor.project, name);
        const version = await requireVersion(tx, actor.project, { model, number });
        const before = numberAt(model, alias);
        if (before === number) return version;
        await modelStore(tx).pointAlias(model.id, alias, number);
        await events.record(tx, {
          type: 'alias.moved',
          project: actor.project,
          subject: { type: 'model', id: model.id },
          actor: actor.id,
          correlationId: correlationId ?? version.correlationId,
          data: { model: name, alias, number, before: before ?? null, ...promptNews(model) },
        });
        return { ...version, aliases: [...version.aliases, alias].sort() };
      });
    },
    remove: (actor: Actor, { model: name, alias }: { model: string; alias: string }): Promise<void> =>
      db.write(async (tx) => {
        const model = await requireModel(tx, actor.project, name);
        const number = numberAt(model, alias);
        if (number === undefined) throw unknownAlias(model, alias);
        await modelStore(tx).removeAlias(model.id, alias);
        await tellRemoved(tx, actor, { model, alias, number });
      }),
    get,
    /** The version that `model@alias` or `model/number` stands for at this moment. */
    resolve: async (project: ProjectRef, reference: string): Promise<ModelVersion> => {
      const named = parseModelReference(reference);
      if (!named)
        throw invalid(`"${reference}" names no model version; write model@alias or model/number`, 'bad_model_reference', { reference });
      if ('alias' in named) return get(project, named);
      return requireVersion(db.read, project, { model: await requireModel(db.read, project, named.model), number: named.number });
    },
  };
};

/** Not of what every object has: an alias may be called `constructor`. */
const numberAt = ({ aliases }: RegisteredModel, alias: string): number | undefined =>
  Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;

const unknownAlias = ({ name, aliases }: RegisteredModel, alias: string): AppError => {
  const known = Object.keys(aliases);
  return new AppError(
    'not_found',
    `Model ${name} has no alias "${alias}"; ${known.length > 0 ? `it has ${known.join(', ')}` : 'it has none'}`,
    {
      reason: 'unknown_alias',
      details: { model: name, alias, aliases: known },
    },
  );
};
