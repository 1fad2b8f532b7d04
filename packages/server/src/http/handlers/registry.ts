import type { api } from '@boucle/contract';
import type { Registry } from '../../registry/index.ts';
import type { Serving } from '../../serving/index.ts';
import type { Handlers } from '../bind.ts';

export const modelHandlers = (
  { models, versions, gates }: Registry,
  { explain }: Pick<Serving, 'explain'>,
): Handlers<typeof api.models> => ({
  search: ({ actor, body: { orderBy: order, ...body } }) => models.list(actor.project, { ...body, order }),
  create: ({ actor, body }) => models.create(actor, body),
  update: ({ actor, params, body }) => models.update(actor, params.model, body),
  remove: ({ actor, params }) => models.remove(actor, params.model).then(() => ({})),
  tags: {
    set: ({ actor, params, body }) => models.setTags(actor, params.model, body.tags).then(() => ({})),
    remove: ({ actor, params, query }) => models.removeTag(actor, { model: params.model, key: query.key }).then(() => ({})),
  },
  list: ({ actor, query }) => models.list(actor.project, query),
  get: ({ actor, params }) => models.get(actor.project, params.model),
  versions: {
    search: ({ actor, body: { orderBy: order, ...body } }) => versions.search(actor.project, { ...body, order }),
    update: ({ actor, params, body }) => versions.update(actor, { ...named(params), ...body }),
    remove: ({ actor, params }) => versions.remove(actor, named(params)).then(() => ({})),
    stage: ({ actor, params, body }) => versions.transition(actor, { ...named(params), ...body }),
    tags: {
      set: ({ actor, params, body }) => versions.setTags(actor, named(params), body.tags).then(() => ({})),
      remove: ({ actor, params, query }) => versions.removeTag(actor, { ...named(params), key: query.key }).then(() => ({})),
    },
    list: ({ actor, params, query }) => versions.list(actor.project, params.model, query),
    get: ({ actor, params }) => versions.get(actor.project, params.model, params.number),
    create: ({ actor, params, body }) => versions.create(actor, { model: params.model, ...body }),
    gates: ({ actor, params, query }) => gates.last(actor.project, { ...params, endpoint: query.endpoint }),
    judge: ({ actor, params, body }) => gates.judgeFor(actor, { ...params, endpoint: body.endpoint }),
    explain: async ({ actor, params, body }) => ({ items: await explain(actor.project, params, body) }),
    file: ({ actor, params, query }) => versions.file(actor.project, params, query.path),
  },
});

const named = ({ model, number }: { model: string; number: number }) => ({ model, number });

export const aliasHandlers = ({ aliases }: Registry): Handlers<typeof api.aliases> => ({
  set: ({ actor, params, body }) => aliases.set(actor, { model: params.model, alias: params.alias, number: body.number }),
  remove: ({ actor, params }) => aliases.remove(actor, params).then(() => ({})),
});
