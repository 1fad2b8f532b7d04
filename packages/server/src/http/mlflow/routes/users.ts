import type { User } from '@boucle/contract';
import { type Actor, type Given, type Level, requirePermission, type Subject, type Users } from '../../../governance/index.ts';
import { bool, oneOf, optional, type Reader, required, text, textWithin } from '../fields.ts';
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
/** The server's own token may be called as a user is. */
const isSelf = ({ id, access }: Actor, name: string): boolean => access !== undefined && id === name;
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
    if (!isSelf(actor, name)) requirePermission(actor, 'users:read');
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
        return whole({ user: briefShape(await users.get(actor.id)) });
      },
    }),
    mlflowRoute({
      method: 'PATCH',
      path: 'users/update-password',
      permission: 'users:self',
      request: { ...one, password: required(text), current_password: optional(text) },
      handle: async ({ username: name, password, current_password: current }, { actor }) => {
        const isOwn = isSelf(actor, name);
        if (isOwn && current === undefined)
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'Current password is required when changing your own password.');
        await users.setPassword(actor, name, { password, ...(isOwn && { current }) });
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
      handle: async ({ username: name }, { actor }) => {
        if (isSelf(actor, name)) throw new MlflowError('BAD_REQUEST', 'Users cannot delete their own account: another administrator can');
        await users.remove(actor, name);
      },
    }),
    mlflowRoute({
      method: 'GET',
      path: 'users/roles/list',
      version: '3.0',
      permission: 'users:self',
      request: one,
      handle: async ({ username: name }, { actor }) => {
        requireSelf(actor, name);
        return whole({ roles: rolesOf(await users.given(actor, name), actor.project.name) });
      },
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
/** What MLflow gives by another route, or over one thing alone, in the words that it refuses it with here. */
const refusedTypes: ReadonlyMap<string, string> = new Map([
  ['workspace', "resource_type 'workspace' is not supported by the per-user permission routes, for in a whole project users have a role"],
  ['scorer', 'Invalid scorer resource_id, for nothing is given over a scorer alone'],
]);
/** To hide a thing from somebody is said so: NO_PERMISSIONS is what is in force where nothing was given. */
const givenLevels = { READ: 'read', USE: 'use', EDIT: 'edit', MANAGE: 'manage', DENY: 'none' } as const;
const chosenFrom =
  <T>(choices: Readonly<Record<string, T>>, wordsOf: (name: string) => string): Reader<T> =>
  (given, at) => {
    const name = text(given, at);
    if (Object.hasOwn(choices, name)) return choices[name]!;
    const names = Object.keys(choices).join(', ');
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${wordsOf(name.slice(0, 200))}: ${at} must be one of ${names}`);
  };
const resourceType = chosenFrom(resourceTypes, (name) => refusedTypes.get(name) ?? `Invalid resource type '${name}'`);
const givenLevel = chosenFrom<Level>(givenLevels, (name) => `Invalid permission '${name}'`);

/** There are no roles to share: as MLflow says it, each user has one of their own in a project, of what they were given there. */
const rolesOf = ({ userId, role, grants }: Given, workspace: string): object[] => {
  const id = `__user_${userId}__`;
  const row = (type: string, pattern: string, permission: string) => ({
    id: `${type}/${pattern}`,
    role_id: id,
    resource_type: type,
    resource_pattern: pattern,
    permission,
  });
  const permissions = [
    ...(role === undefined ? [] : ['experiment', 'registered_model'].map((type) => row(type, '*', nameOfLevel(role)))),
    ...grants.map(({ type, id: pattern, level }) =>
      row(type === 'model' ? 'registered_model' : type, pattern, level === 'none' ? 'DENY' : nameOfLevel(level)),
    ),
  ];
  return permissions.length === 0 ? [] : [{ id, name: id, workspace, description: null, permissions }];
};

/** The newer form of the same: any kind of thing, and what a user may with it in the end. */
const anyGrantRoutes = (users: Users, requireSelf: (actor: Actor, name: string) => void): MlflowRoute[] => {
  const about = { username, resource_type: required(resourceType), resource_id: required(text) };
  const at = (path: string) => ({ path: `users/permissions/${path}`, version: '3.0', permission: 'users:self' }) as const;
  const subjectOf = ({
    resource_type: type,
    resource_id: id,
  }: {
    readonly resource_type: string;
    readonly resource_id: string;
  }): Subject => ({
    type,
    id,
  });
  return [
    mlflowRoute({
      method: 'POST',
      ...at('grant'),
      request: { ...about, permission: required(givenLevel) },
      handle: async ({ username: user, permission: level, ...what }, { actor }) => {
        if (what.resource_id === '*')
          throw new MlflowError('INVALID_PARAMETER_VALUE', "Invalid resource_id '*': name one thing, or give a role in the project");
        await users.grants.create(actor, { ...subjectOf(what), user, level });
      },
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
