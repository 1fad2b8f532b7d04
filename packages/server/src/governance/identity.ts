import { createHmac, randomBytes } from 'node:crypto';
import { AppError } from '@boucle/contract';
import type { Clock, Db } from '../platform/index.ts';
import { type Access, grantKey } from './access.ts';
import type { Caller } from './actor.ts';
import type { Level } from './level.ts';
import { isPassword, nobodysVerifier } from './password.ts';
import { type StoredToken, tokenStore } from './token-store.ts';
import { newToken, tokenHash } from './tokens.ts';
import { type StoredUser, userStore } from './user-store.ts';

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  /** What a user may where nothing was said. */
  readonly fallback: Level;
  /** Asks everybody who they are, whether there are users or not. */
  readonly isRequired: boolean;
}
/** A token that stands for its caller until it is ended, or this process does. */
export interface LentToken {
  readonly token: string;
  readonly end: () => void;
}
interface Known {
  readonly user: StoredUser;
  readonly access: Access;
}

/** As long another server's changes may go unseen; this one's count at once. */
const factsMs = 5_000;
/** As long a password that was right is not worked out again. */
const verifiedMs = 10 * 60_000;
const mostKept = 10_000;

/** Who a credential stands for. Passwords are dear to check, so what was right is remembered under a keyed hash. */
export const createIdentity = ({ db, clock, fallback, isRequired }: Parts) => {
  const key = randomBytes(32);
  const byName = remembering<Known>(clock, factsMs);
  const byHash = remembering<StoredToken>(clock, factsMs);
  /** The verifier that a name and password were found to fit. */
  const verified = remembering<string>(clock, verifiedMs);
  const hasUsers = remembering<boolean>(clock, factsMs);
  const lent = new Map<string, Caller>();

  const knownUser = (name: string): Promise<Known | undefined> =>
    byName.of(name, async () => {
      const store = userStore(db.read);
      const user = await store.find({ name });
      if (!user) return undefined;
      const [roles, grants] = await Promise.all([store.roles(user.id), store.grants(user.id)]);
      const projects = new Map<string, { role?: Level; grants: Map<string, Level> }>();
      const given = (id: string) => projects.get(id) ?? projects.set(id, { grants: new Map() }).get(id)!;
      for (const { projectId, level } of roles) given(projectId).role = level;
      for (const { projectId, level, ...subject } of grants) given(projectId).grants.set(grantKey(subject), level);
      return { user, access: { isAdmin: user.isAdmin, fallback, projects } };
    });

  return {
    /** Whether nobody gets in without saying who they are. */
    asksEverybody: async (): Promise<boolean> =>
      isRequired || ((await hasUsers.of('', async () => !(await userStore(db.read).isEmpty()))) ?? false),
    byPassword: async (name: string, password: string): Promise<Caller> => {
      const known = await knownUser(name);
      const proof = createHmac('sha256', key)
        .update(JSON.stringify([name, password]))
        .digest('base64');
      if (!known || verified.now(proof) !== known.user.password) {
        const isRight = await isPassword(password, known?.user.password ?? nobodysVerifier);
        if (!known || !isRight)
          throw new AppError('unauthenticated', 'This name and password are not known here', { reason: 'wrong_password' });
        verified.keep(proof, known.user.password);
      }
      return { id: known.user.name, permissions: 'all', access: known.access };
    },
    /** Undefined where it is none of ours, or no more. */
    byToken: async (given: string): Promise<Caller | undefined> => {
      const hash = tokenHash(given);
      const borrower = lent.get(hash);
      if (borrower) return borrower;
      const token = await byHash.of(hash, () => tokenStore(db.read).byHash(hash));
      if (!token || token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= clock.now().toISOString()))
        return undefined;
      const known = token.user === null ? undefined : await knownUser(token.user.name);
      if (token.user !== null && !known) return undefined;
      return {
        id: known?.user.name ?? `token:${token.name}`,
        permissions: token.permissions ?? 'all',
        byToken: { id: token.id, expiresAt: token.expiresAt },
        ...(known && { access: known.access }),
        ...(token.project && { onlyIn: token.project }),
      };
    },
    /** For what this process starts and ends, and nothing else: it is in no database. */
    lend: (caller: Caller): LentToken => {
      const token = newToken();
      const hash = tokenHash(token);
      lent.set(hash, caller);
      return { token, end: () => void lent.delete(hash) };
    },
    accessOf: async (name: string): Promise<Access | undefined> => (await knownUser(name))?.access,
    /** Somebody's rights have changed. */
    forget: (): void => {
      for (const memory of [byName, byHash, hasUsers]) memory.clear();
    },
  };
};
export type Identity = ReturnType<typeof createIdentity>;

/** What was found is known for a while; what was not is looked for again. */
const remembering = <T>(clock: Clock, forMs: number) => {
  const kept = new Map<string, { readonly value: T; readonly until: number }>();
  let generation = 0;
  const now = (key: string): T | undefined => {
    const found = kept.get(key);
    return found && found.until > clock.now().getTime() ? found.value : undefined;
  };
  const keep = (key: string, value: T): void => {
    kept.delete(key);
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    kept.set(key, { value, until: clock.now().getTime() + forMs });
  };
  return {
    now,
    keep,
    of: async (key: string, find: () => Promise<T | undefined>): Promise<T | undefined> => {
      const found = now(key);
      if (found !== undefined) return found;
      const asked = generation;
      const value = await find();
      // What was read before a change must not be kept after it.
      if (value !== undefined && asked === generation) keep(key, value);
      return value;
    },
    clear: (): void => {
      generation += 1;
      kept.clear();
    },
  };
};
