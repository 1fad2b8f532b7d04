import type { Clock, Db } from '../platform/index.ts';
import { createIdentity } from './identity.ts';
import type { Level } from './level.ts';
import { createTokens } from './tokens.ts';
import { createUsers } from './users.ts';

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  /** What a user may where nothing was said. */
  readonly fallback: Level;
  /** Asks everybody who they are, whether there are users or not. */
  readonly isRequired: boolean;
}

/** Users, tokens and what they may. */
export const createWhoMay = ({ db, clock, fallback, isRequired }: Parts) => {
  const identity = createIdentity({ db, clock, fallback, isRequired });
  const users = createUsers({ db, clock, identity, isRequired });
  return { identity, users, tokens: createTokens({ db, clock, forget: identity.forget, userIdOf: users.idOf }) };
};
export type WhoMay = ReturnType<typeof createWhoMay>;
