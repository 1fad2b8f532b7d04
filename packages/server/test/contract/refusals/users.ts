import { aNewName } from '../names.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const aPassword = 'long enough for anybody';

export const userRefusals = ({ client, administrator }: Stage): RefusalsOf<'users' | 'roles' | 'tokens'> => {
  const { users, roles, tokens } = client;
  const nobody = { user: 'nobody' };
  return {
    users: {
      list: { invalid_request: ['unknown_cursor', () => users.list({ query: badCursor })] },
      create: {
        invalid_request: ['password_too_short', () => users.create({ body: { name: aNewName(), password: 'short' } })],
        conflict: ['already_exists', () => users.create({ body: { name: administrator, password: aPassword } })],
      },
      current: { not_found: [undefined, () => users.current({ query: { project: 'nowhere' } })] },
      setPassword: {
        invalid_request: ['password_too_short', () => users.setPassword({ params: { user: administrator }, body: { password: 'short' } })],
        not_found: [undefined, () => users.setPassword({ params: nobody, body: { password: aPassword } })],
      },
      setAdmin: {
        not_found: [undefined, () => users.setAdmin({ params: nobody, body: { isAdmin: true } })],
        failed_precondition: ['last_admin', () => users.setAdmin({ params: { user: administrator }, body: { isAdmin: false } })],
      },
      remove: {
        not_found: [undefined, () => users.remove({ params: nobody })],
        failed_precondition: [
          'last_admin',
          async () => {
            await users.create({ body: { name: aNewName(), password: aPassword } });
            await users.remove({ params: { user: administrator } });
          },
        ],
      },
    },
    roles: {
      list: {},
      set: { not_found: [undefined, () => roles.set({ params: { project, ...nobody }, body: { level: 'read' } })] },
      remove: { not_found: [undefined, () => roles.remove({ params: { project, user: administrator } })] },
    },
    tokens: {
      list: { invalid_request: ['unknown_cursor', () => tokens.list({ query: badCursor })] },
      create: {
        invalid_request: ['expired_already', () => tokens.create({ body: { name: 'late', expiresAt: '2020-01-01T00:00:00.000Z' } })],
        not_found: [undefined, () => tokens.create({ body: { name: 'lost', project: 'nowhere' } })],
      },
      revoke: { not_found: [undefined, () => tokens.revoke({ params: { tokenId: absent } })] },
    },
  };
};
