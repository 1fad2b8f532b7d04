import { type api } from '@boucle/contract';
import { levelOf, nowhere, type WhoMay } from '../../governance/index.ts';
import type { Projects } from '../../projects/index.ts';
import type { Handlers } from '../bind.ts';

export const userHandlers = ({ users }: WhoMay, { resolve }: Projects): Handlers<typeof api.users> => ({
  list: ({ query }) => users.list(query),
  create: ({ actor, body }) => users.create(actor, body),
  current: async ({ actor, query }) => {
    const project = query.project === undefined ? nowhere : await resolve(query.project);
    const isAdmin = actor.access?.isAdmin ?? actor.permissions === 'all';
    return { id: actor.id, isAdmin, level: query.project === undefined ? null : levelOf({ ...actor, project }) };
  },
  setPassword: ({ actor, params, body }) => users.setPassword(actor, params.user, body),
  setAdmin: ({ actor, params, body }) => users.setAdmin(actor, params.user, body.isAdmin),
  remove: ({ actor, params }) => users.remove(actor, params.user).then(() => ({})),
});

export const roleHandlers = ({ users: { roles } }: WhoMay): Handlers<typeof api.roles> => ({
  list: async ({ actor }) => ({ items: await roles.list(actor) }),
  set: async ({ actor, params, body }) => {
    await roles.set(actor, params.user, body.level);
    return { user: params.user, level: body.level };
  },
  remove: ({ actor, params }) => roles.remove(actor, params.user).then(() => ({})),
});

export const tokenHandlers = ({ tokens }: WhoMay, { resolve }: Projects): Handlers<typeof api.tokens> => ({
  list: ({ actor, query }) => tokens.list(actor, query),
  create: async ({ actor, body: { project, ...token } }) =>
    tokens.create(actor, { ...token, ...(project !== undefined && { project: await resolve(project) }) }),
  revoke: ({ actor, params }) => tokens.revoke(actor, params.tokenId),
});
