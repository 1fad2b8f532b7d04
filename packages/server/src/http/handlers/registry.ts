import type { api } from '@boucle/contract';
import type { Registry } from '../../registry/index.ts';
import type { Handlers } from '../bind.ts';

export const modelHandlers = ({ models, versions }: Registry): Handlers<typeof api.models> => ({
  list: ({ actor, query }) => models.list(actor.project, query),
  get: ({ actor, params }) => models.get(actor.project, params.model),
  versions: {
    list: ({ actor, params, query }) => versions.list(actor.project, params.model, query),
    get: ({ actor, params }) => versions.get(actor.project, params.model, params.number),
    create: ({ actor, params, body }) => versions.create(actor, { model: params.model, ...body }),
    file: ({ actor, params, query }) => versions.file(actor.project, params, query.path),
  },
});

export const aliasHandlers = ({ aliases }: Registry): Handlers<typeof api.aliases> => ({
  set: ({ actor, params, body }) => aliases.set(actor, { model: params.model, alias: params.alias, number: body.number }),
  remove: ({ actor, params }) => aliases.remove(actor, params).then(() => ({})),
});
