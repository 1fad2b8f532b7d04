import { AppError, invalid, isUserName, notFound, type Paging, type User } from '@boucle/contract';
import { type Clock, type Db, newId, orConflict, type Tx } from '../platform/index.ts';
import { levelIn, type Subject } from './access.ts';
import { type Actor, requirePermission } from './actor.ts';
import type { Identity } from './identity.ts';
import type { Level } from './level.ts';
import { isPassword, verifierOf } from './password.ts';
import { type StoredGrant, type StoredUser, userStore } from './user-store.ts';

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly isAdmin?: boolean;
}
/** What was said of one thing to one user. */
export interface Grant extends Subject {
  readonly user: string;
  readonly level: Level;
}
const shortestPassword = 12;
/** Actors that are no users. */
const taken = ['owner', 'system'];

/** What a user was given in one project. */
export interface Given {
  readonly userId: string;
  readonly role: Level | undefined;
  readonly grants: readonly StoredGrant[];
}
interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly identity: Identity;
  /** Asks everybody who they are, whether there are users or not. */
  readonly isRequired: boolean;
}

/** People, what they may in a project, and of single things in it. */
export const createUsers = ({ db, clock, identity, isRequired }: Parts) => {
  const { forget } = identity;
  const requireUser = async (tx: Tx, name: string): Promise<StoredUser> => {
    const user = await userStore(tx).find({ name });
    if (!user) throw notFound('user', name);
    return user;
  };
  const change = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    db.write(async (tx) => {
      db.afterCommit(forget);
      return work(tx);
    });
  const refuseLastAdmin = async (tx: Tx, { id, name }: StoredUser): Promise<void> => {
    const admins = await userStore(tx).lockAdmins();
    if (admins.length > 1 || admins[0] !== id) return;
    throw new AppError('failed_precondition', `${name} is the last administrator: make somebody else one first`, { reason: 'last_admin' });
  };
  /** Grants over `subject` are its managers' business. */
  const requireManager = (actor: Actor, subject: Subject): void => requirePermission(actor, `${subject.type}s:manage`, subject);

  return {
    /** The first one is an administrator: from then on nobody gets in without a name. */
    create: async (_: Actor, { name, password, isAdmin = false }: NewUser): Promise<User> => {
      if (!isUserName(name))
        throw invalid('A user name has 1 to 200 characters, and no colon or line end among them: choose another', 'bad_user_name');
      if (taken.includes(name))
        throw new AppError('invalid_request', `${name} is a name of the server's own: choose another`, { reason: 'reserved_name' });
      const verifier = await newVerifier(password);
      return change(async (tx) => {
        const users = userStore(tx);
        const isFirst = await users.isEmpty();
        const user: StoredUser = {
          id: newId(),
          name,
          password: verifier,
          isAdmin: isAdmin || isFirst,
          createdAt: clock.now().toISOString(),
        };
        await orConflict(users.insert(user), `A user named ${name} is there already: choose another name`, { user: name });
        return shown(user);
      });
    },
    get: async (name: string): Promise<User> => shown(await requireUser(db.read, name)),
    list: async (paging: Paging) => {
      const { items, nextCursor } = await userStore(db.read).list(paging);
      return { items: items.map(shown), nextCursor };
    },
    /** For whoever knows the current one, and for administrators. */
    setPassword: async (
      actor: Actor,
      name: string,
      { password, current }: { password: string; current?: string | undefined },
    ): Promise<User> => {
      if (current === undefined) requirePermission(actor, 'users:write');
      else if (!(await isPassword(current, (await requireUser(db.read, name)).password)))
        throw new AppError('invalid_request', `Current password does not match: this is not that of ${name}`, { reason: 'wrong_password' });
      const verifier = await newVerifier(password);
      return change(async (tx) => {
        const user = await requireUser(tx, name);
        await userStore(tx).change(user.id, { password: verifier });
        return shown(user);
      });
    },
    setAdmin: (_: Actor, name: string, isAdmin: boolean): Promise<User> =>
      change(async (tx) => {
        const user = await requireUser(tx, name);
        if (!isAdmin) await refuseLastAdmin(tx, user);
        await userStore(tx).change(user.id, { isAdmin });
        return shown({ ...user, isAdmin });
      }),
    /** With all that was given to them, and their tokens. */
    remove: (_: Actor, name: string): Promise<void> =>
      change(async (tx) => {
        const user = await requireUser(tx, name);
        // The very last one may go where nobody is asked then any more.
        if (isRequired || (await userStore(tx).list({ limit: 2 })).items.length > 1) await refuseLastAdmin(tx, user);
        await userStore(tx).remove(user.id);
      }),
    roles: {
      list: ({ project }: Actor) => userStore(db.read).rolesIn(project),
      set: ({ project }: Actor, name: string, level: Level): Promise<void> =>
        change(async (tx) => userStore(tx).setRole((await requireUser(tx, name)).id, project, level)),
      remove: ({ project }: Actor, name: string): Promise<void> =>
        change(async (tx) => {
          if (!(await userStore(tx).removeRole((await requireUser(tx, name)).id, project))) throw notFound('role of user', name);
        }),
    },
    grants: {
      create: (actor: Actor, { user: name, level, ...subject }: Grant): Promise<StoredGrant> => {
        requireManager(actor, subject);
        return change(async (tx) => {
          const user = await requireUser(tx, name);
          const what = `${name} was given something over ${subject.type} ${subject.id} already: change that, or take it back first`;
          const grant = { ...subject, userId: user.id, projectId: actor.project.id, level };
          await orConflict(userStore(tx).insertGrant(grant), what, { user: name, ...subject });
          return grant;
        });
      },
      get: async (actor: Actor, { user: name, ...subject }: Omit<Grant, 'level'>): Promise<StoredGrant> => {
        requireManager(actor, subject);
        const grant = await userStore(db.read).findGrant((await requireUser(db.read, name)).id, actor.project, subject);
        if (!grant) throw notGranted(name, subject);
        return grant;
      },
      change: (actor: Actor, { user: name, level, ...subject }: Grant): Promise<void> => {
        requireManager(actor, subject);
        return change(async (tx) => {
          const user = await requireUser(tx, name);
          if (!(await userStore(tx).changeGrant({ userId: user.id, projectId: actor.project.id, level, ...subject })))
            throw notGranted(name, subject);
        });
      },
      remove: (actor: Actor, { user: name, ...subject }: Omit<Grant, 'level'>): Promise<void> => {
        requireManager(actor, subject);
        return change(async (tx) => {
          const user = await requireUser(tx, name);
          if (!(await userStore(tx).removeGrant(user.id, actor.project, subject))) throw notGranted(name, subject);
        });
      },
      of: async (name: string): Promise<StoredGrant[]> => userStore(db.read).grants((await requireUser(db.read, name)).id),
    },
    given: async ({ project }: Actor, name: string): Promise<Given> => {
      const { id: userId } = await requireUser(db.read, name);
      const [roles, grants] = await Promise.all([userStore(db.read).roles(userId), userStore(db.read).grants(userId)]);
      const isHere = ({ projectId }: { readonly projectId: string }): boolean => projectId === project.id;
      return { userId, role: roles.find(isHere)?.level, grants: grants.filter(isHere) };
    },
    /** Who made something manages it; called after it was made. */
    made: async ({ id: name, project, access }: Actor, subject: Subject): Promise<void> => {
      if (!access || access.isAdmin) return;
      await change(async (tx) => {
        const user = await userStore(tx).find({ name });
        if (user) await userStore(tx).putGrant({ userId: user.id, projectId: project.id, level: 'manage', ...subject });
      });
    },
    /** It has another id now, or (null) is gone: what was given over it goes with it. */
    moved: ({ project }: Actor, subject: Subject, to: string | null): Promise<void> =>
      change((tx) => userStore(tx).moveGrants(project, subject, to)),
    /** What a user may with one thing in the end. */
    levelOf: async ({ project }: Actor, name: string, subject: Subject): Promise<Level> => {
      const access = await identity.accessOf(name);
      if (!access) throw notFound('user', name);
      return levelIn(access, project.id, subject);
    },
    idOf: async ({ id, access }: Actor): Promise<string | undefined> =>
      access === undefined ? undefined : (await userStore(db.read).find({ name: id }))?.id,
  };
};
export type Users = ReturnType<typeof createUsers>;

const newVerifier = async (password: string): Promise<string> => {
  if (password.length < shortestPassword)
    throw new AppError('invalid_request', `Password must be at least ${shortestPassword} characters long`, {
      reason: 'password_too_short',
    });
  return verifierOf(password);
};
const shown = ({ id, name, isAdmin, createdAt }: StoredUser): User => ({ id, name, isAdmin, createdAt });
const notGranted = (user: string, { type, id }: Subject): AppError =>
  new AppError('not_found', `${user} was given nothing over ${type} ${id}: give something first`, {
    reason: 'not_granted',
    details: { user, type, id },
  });
