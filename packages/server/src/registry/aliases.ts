import { AppError, invalid, type ModelVersion, parseModelReference, type RegisteredModel } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Db, Events } from '../platform/index.ts';
import { checkAliasName } from './alias-name.ts';
import { modelStore } from './model-store.ts';
import { requireModel, requireVersion } from './require-version.ts';

/** An alias moves; a deployment that was made by it does not. */
export const createAliases = ({ db, events }: { db: Db; events: Events }) => {
  return {
    set: async (
      actor: Actor,
      { model: name, alias, number }: { model: string; alias: string; number: number },
      correlationId: string | null = null,
    ): Promise<ModelVersion> => {
      checkAliasName(alias);
      return db.write(async (tx) => {
        const model = await requireModel(tx, actor.project, name);
        const version = await requireVersion(tx, actor.project, { model, number });
        if (model.aliases[alias] === number) return version;
        await modelStore(tx).pointAlias(model.id, alias, number);
        await events.record(tx, {
          type: 'alias.moved',
          project: actor.project,
          subject: { type: 'model', id: model.id },
          actor: actor.id,
          correlationId: correlationId ?? version.correlationId,
          data: { model: name, alias, number, before: model.aliases[alias] ?? null },
        });
        return { ...version, aliases: [...version.aliases, alias].sort() };
      });
    },
    remove: (actor: Actor, { model: name, alias }: { model: string; alias: string }): Promise<void> =>
      db.write(async (tx) => {
        const model = await requireModel(tx, actor.project, name);
        if (model.aliases[alias] === undefined) throw unknownAlias(model, alias);
        await modelStore(tx).removeAlias(model.id, alias);
      }),
    /** The version that `model@alias` or `model/number` stands for at this moment. */
    resolve: async (project: ProjectRef, reference: string): Promise<ModelVersion> => {
      const named = parseModelReference(reference);
      if (!named)
        throw invalid(`"${reference}" names no model version; write model@alias or model/number`, 'bad_model_reference', { reference });
      const model = await requireModel(db.read, project, named.model);
      const number = 'number' in named ? named.number : model.aliases[named.alias];
      if (number === undefined) throw unknownAlias(model, (named as { alias: string }).alias);
      return requireVersion(db.read, project, { model, number });
    },
  };
};

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
