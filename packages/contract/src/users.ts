import { type Static, Type } from 'typebox';
import { Empty, Id, inProject, Name, Nullable, Page, paged, Text, Time } from './common.ts';
import { defineRoute } from './route.ts';

const userName = '^[^\\u0000-\\u001f:]{1,200}$';
/** No colon, which ends a name in HTTP's Basic scheme. */
const UserName = Type.String({ pattern: userName });
export const isUserName = (text: string): boolean => new RegExp(userName, 'u').test(text);
export const User = Type.Object({ id: Id, name: Type.String(), isAdmin: Type.Boolean(), createdAt: Time }, { $id: 'User' });
export type User = Static<typeof User>;
/** What a user may, from nothing up; each includes those before. */
export const Level = Type.Enum(['none', 'read', 'use', 'edit', 'manage']);
export const Role = Type.Object({ user: Type.String(), level: Level }, { $id: 'Role' });

const PermissionName = Type.String({ pattern: '^[a-z]+:[a-z]+$' });
export const AccessToken = Type.Object(
  {
    id: Id,
    name: Type.String(),
    /** Whose rights it narrows; null where it was made by the owner of the server. */
    user: Nullable(Type.String()),
    /** The only project that it opens; null for all. */
    project: Nullable(Name),
    /** Null for all that its user has. */
    permissions: Nullable(Type.Array(Type.Unsafe<`${string}:${string}`>(PermissionName))),
    createdBy: Type.String(),
    createdAt: Time,
    expiresAt: Nullable(Time),
    revokedAt: Nullable(Time),
  },
  { $id: 'AccessToken' },
);
export type AccessToken = Static<typeof AccessToken>;

const named = Type.Object({ user: UserName });
const Password = Text(1000);

export const users = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/users',
    summary: 'Users, by name',
    tag: 'users',
    permission: 'users:read',
    query: Type.Object(paged),
    response: Page(User),
    errors: ['invalid_request'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Let somebody in by name and password; the first is an administrator, and from then on everybody is asked who they are',
    tag: 'users',
    permission: 'users:write',
    body: Type.Object({ name: UserName, password: Password, isAdmin: Type.Optional(Type.Boolean()) }),
    response: User,
    status: 201,
    errors: ['invalid_request', 'conflict'],
  }),
  current: defineRoute({
    method: 'GET',
    path: '/api/v1/users/current',
    summary: 'Who asks, and what they may in a project',
    tag: 'users',
    permission: 'users:self',
    query: Type.Object({ project: Type.Optional(Name) }),
    response: Type.Object({ id: Type.String(), isAdmin: Type.Boolean(), level: Nullable(Level) }),
    errors: ['not_found'],
  }),
  setPassword: defineRoute({
    method: 'PUT',
    path: '/api/v1/users/:user/password',
    summary: "Change a password: one's own with the current one, anybody's for an administrator",
    tag: 'users',
    permission: 'users:self',
    params: named,
    body: Type.Object({ password: Password, current: Type.Optional(Password) }),
    response: User,
    errors: ['invalid_request', 'not_found'],
  }),
  setAdmin: defineRoute({
    method: 'PUT',
    path: '/api/v1/users/:user/admin',
    summary: 'Make somebody an administrator, or no more',
    tag: 'users',
    permission: 'users:write',
    params: named,
    body: Type.Object({ isAdmin: Type.Boolean() }),
    response: User,
    errors: ['not_found', 'failed_precondition'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/users/:user',
    summary: 'Let somebody in no more, with their tokens',
    tag: 'users',
    permission: 'users:write',
    params: named,
    response: Empty,
    errors: ['not_found', 'failed_precondition'],
  }),
};

export const roles = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/roles',
    summary: 'What users were given in a project',
    tag: 'users',
    permission: 'roles:write',
    params: inProject(),
    response: Type.Object({ items: Type.Array(Role) }),
    errors: [],
  }),
  set: defineRoute({
    method: 'PUT',
    path: '/api/v1/projects/:project/roles/:user',
    summary: 'Say what a user may in a project',
    tag: 'users',
    permission: 'roles:write',
    params: inProject({ user: UserName }),
    body: Type.Object({ level: Level }),
    response: Role,
    errors: ['not_found'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/roles/:user',
    summary: 'Leave a user with what everybody may',
    tag: 'users',
    permission: 'roles:write',
    params: inProject({ user: UserName }),
    response: Empty,
    errors: ['not_found'],
  }),
};

export const tokens = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/tokens',
    summary: "Tokens, never their text: an administrator's list has everybody's",
    tag: 'users',
    permission: 'tokens:read',
    query: Type.Object(paged),
    response: Page(AccessToken),
    errors: ['invalid_request'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Make a token for a program, with no more rights than your own; its text is answered this once',
    tag: 'users',
    permission: 'tokens:write',
    body: Type.Object({
      name: Name,
      project: Type.Optional(Name),
      permissions: Type.Optional(Type.Array(Type.Unsafe<`${string}:${string}`>(PermissionName), { maxItems: 200 })),
      expiresAt: Type.Optional(Time),
    }),
    response: Type.Object({ ...AccessToken.properties, token: Type.String() }),
    status: 201,
    errors: ['invalid_request', 'not_found'],
  }),
  revoke: defineRoute({
    method: 'DELETE',
    path: '/api/v1/tokens/:tokenId',
    summary: 'Revoke a token',
    tag: 'users',
    permission: 'tokens:write',
    params: Type.Object({ tokenId: Id }),
    response: AccessToken,
    errors: ['not_found'],
  }),
};
