import type { User } from '@boucle/contract';
import { type Actor, type Level, requirePermission, type Subject, type Users } from '../../../governance/index.ts';
import { bool, oneOf, optional, required, text, textWithin } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute, WireText } from '../route.ts';

const levelNames = { NO_PERMISSIONS: 0, READ: 1, USE: 2, EDIT: 3, MANAGE: 4 } as const;
type LevelName = keyof typeof levelNames;
const permission = required(oneOf(levelNames));
const levelOfName: Readonly<Record<LevelName, Level>> = {
  NO_PERMISSIONS: 'none',
  READ: 'read',
  USE: 'use',
  EDIT: 'edit',
  MANAGE: 'manage',
};
const nameOfLevel = (level: Level): LevelName => (Object.keys(levelOfName) as LevelName[]).find((name) => levelOfName[name] === level)!;

const username = required(text);
const one = { username };
/** These answers name their empty lists, too. */
const whole = (answer: object): WireText => new WireText(JSON.stringify(answer));
const briefShape = ({ id, name, isAdmin }: User) => ({ id, username: name, is_admin: isAdmin });

export const userRoutes = (users: Users): MlflowRoute[] => {
  const userShape = async (user: User) => {
    const grants = await users.grants.of(user.name);
    const of = (type: string, key: string) =>
      grants
        .filter((grant) => grant.type === type)
        .map(({ id, userId, level }) => ({ [key]: id, user_id: userId, permission: nameOfLevel(level) }));
    return {
      ...briefShape(user),
      experiment_permissions: of('experiment', 'experiment_id'),
      registered_model_permissions: of('model', 'name'),
      scorer_permissions: [],
    };
  };
  /** Everybody sees themselves, administrators see all. */
  const requireSelf = (actor: Actor, name: string): void => {
    if (actor.id !== name) requirePermission(actor, 'users:read');
  };
  const all = async (): Promise<User[]> => {
    const found: User[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await users.list({ limit: 500, ...(cursor !== undefined && cursor !== null && { cursor }) });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  };

  return [
    mlflowRoute({
      method: 'POST',
      path: 'users/create',
      permission: 'users:write',
      request: { ...one, password: required(text) },
      handle: async ({ username: name, password }, { actor }) =>
        whole({ user: await userShape(await users.create(actor, { name, password })) }),
    }),
    mlflowRoute({
      method: 'GET',
      path: 'users/get',
      permission: 'users:self',
      request: one,
      handle: async ({ username: name }, { actor }) => {
        requireSelf(actor, name);
        return whole({ user: await userShape(await users.get(name)) });
      },
    }),
    mlflowRoute({
      method: 'GET',
      path: 'users/list',
      permission: 'users:read',
      request: {},
      handle: async () => whole({ users: (await all()).map(briefShape) }),
    }),
    mlflowRoute({
      method: 'GET',
      path: 'users/current',
      permission: 'users:self',
      request: {},
      handle: async (_, { actor }) => {
        // The owner, and tokens that are nobody's, are in no list.
        if (!actor.access) return whole({ user: { id: actor.id, username: actor.id, is_admin: actor.permissions === 'all' } });
        return whole({ user: await userShape(await users.get(actor.id)) });
      },
    }),
    mlflowRoute({
      method: 'PATCH',
      path: 'users/update-password',
      permission: 'users:self',
      request: { ...one, password: required(text), current_password: optional(text) },
      handle: async ({ username: name, password, current_password: current }, { actor }) => {
        if (actor.id === name && current === undefined)
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'Current password is required when changing your own password.');
        await users.setPassword(actor, name, { password, ...(actor.id === name && { current }) });
      },
    }),
    mlflowRoute({
      method: 'PATCH',
      path: 'users/update-admin',
      permission: 'users:write',
      request: { ...one, is_admin: required(bool) },
      handle: async ({ username: name, is_admin }, { actor }) => void (await users.setAdmin(actor, name, is_admin)),
    }),
    mlflowRoute({
      method: 'DELETE',
      path: 'users/delete',
      permission: 'users:write',
      request: one,
      handle: ({ username: name }, { actor }) => users.remove(actor, name),
    }),
    ...grantRoutes(users, { family: 'experiments', type: 'experiment', key: 'experiment_id', answer: 'experiment_permission' }),
    ...grantRoutes(users, { family: 'registered-models', type: 'model', key: 'name', answer: 'registered_model_permission' }),
    ...anyGrantRoutes(users, requireSelf),
  ];
};

/** What was given to a user over one experiment or model: the same four addresses for each. */
const grantRoutes = (
  { grants }: Users,
  { family, type, key, answer }: { family: string; type: string; key: 'experiment_id' | 'name'; answer: string },
): MlflowRoute[] => {
  const about = { [key]: required(textWithin(500)), username };
  const subjectOf = (input: Readonly<Record<string, unknown>>) => ({ type, id: String(input[key]), user: String(input['username']) });
  const at = (path: string) => ({ path: `${family}/permissions/${path}`, permission: 'users:self' }) as const;
  const shape = ({ id, userId, level }: { id: string; userId: string; level: Level }, { project }: Actor) =>
    whole({
      [answer]: { ...(type === 'model' && { workspace: project.name }), [key]: id, user_id: userId, permission: nameOfLevel(level) },
    });
  return [
    mlflowRoute({
      method: 'POST',
      ...at('create'),
      request: { ...about, permission },
      handle: async (input, { actor }) =>
        shape(await grants.create(actor, { ...subjectOf(input), level: levelOfName[input['permission'] as LevelName] }), actor),
    }),
    mlflowRoute({
      method: 'GET',
      ...at('get'),
      request: about,
      handle: async (input, { actor }) => shape(await grants.get(actor, subjectOf(input)), actor),
    }),
    mlflowRoute({
      method: 'PATCH',
      ...at('update'),
      request: { ...about, permission },
      handle: (input, { actor }) => grants.change(actor, { ...subjectOf(input), level: levelOfName[input['permission'] as LevelName] }),
    }),
    mlflowRoute({
      method: 'DELETE',
      ...at('delete'),
      request: about,
      handle: (input, { actor }) => grants.remove(actor, subjectOf(input)),
    }),
  ];
};

const resourceTypes = { experiment: 'experiment', registered_model: 'model', prompt: 'model' } as const;

/** The newer form of the same: any kind of thing, and what a user may with it in the end. */
const anyGrantRoutes = (users: Users, requireSelf: (actor: Actor, name: string) => void): MlflowRoute[] => {
  const about = {
    username,
    resource_type: required(oneOf({ experiment: 1, registered_model: 2, prompt: 3 })),
    resource_id: required(text),
  };
  const at = (path: string) => ({ path: `users/permissions/${path}`, version: '3.0', permission: 'users:self' }) as const;
  const subjectOf = (input: { readonly resource_type: keyof typeof resourceTypes; readonly resource_id: string }): Subject => ({
    type: resourceTypes[input.resource_type],
    id: input.resource_id,
  });
  return [
    mlflowRoute({
      method: 'POST',
      ...at('grant'),
      request: { ...about, permission },
      handle: ({ username: user, permission: level, ...what }, { actor }) =>
        users.grants.put(actor, { ...subjectOf(what), user, level: levelOfName[level] }),
    }),
    mlflowRoute({
      method: 'POST',
      ...at('revoke'),
      request: about,
      handle: ({ username: user, ...what }, { actor }) => users.grants.remove(actor, { ...subjectOf(what), user }),
    }),
    mlflowRoute({
      method: 'GET',
      ...at('get'),
      request: about,
      handle: async ({ username: user, ...what }, { actor }) => {
        requireSelf(actor, user);
        const level = await users.levelOf(actor, user, subjectOf(what));
        return { allowed: level !== 'none' && level !== 'read', permission: nameOfLevel(level) };
      },
    }),
  ];
};
