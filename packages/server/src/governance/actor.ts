import { AppError, type Permission } from '@boucle/contract';
import { type Access, levelIn, mayIn, mayWithin, type Subject } from './access.ts';
import type { Level } from './level.ts';

/** The project a caller works in, found by its name once, at the door. */
export interface ProjectRef {
  readonly id: string;
  readonly name: string;
}
/** Who asks, before it is known where. */
export interface Caller {
  readonly id: string;
  /** No more than these, wherever it is. */
  readonly permissions: 'all' | readonly Permission[];
  /** Of a user: what was given to them. */
  readonly access?: Access;
  /** Of a token: the only project that it opens. */
  readonly onlyIn?: ProjectRef;
  /** The token that it came with, if somebody made it here. */
  readonly byToken?: { readonly id: string; readonly expiresAt: string | null };
}
/** Who asks, where, and what they may. */
export interface Actor extends Caller {
  readonly project: ProjectRef;
}

/** The server itself, when it goes on with what somebody started. */
export const systemActor = (project: ProjectRef): Actor => ({ id: 'system', project, permissions: 'all' });

/** Routes of no project. */
export const nowhere: ProjectRef = { id: '', name: '' };

export const isAllowed = (actor: Actor, permission: Permission, subject?: Subject): boolean =>
  isWithinBounds(actor, permission) && (!actor.access || mayIn(actor.access, actor.project.id, permission, subject));

/** Of a user, where they are; whoever is none has no level but rights of their own. */
export const levelOf = ({ access, project }: Actor): Level | null => (access ? levelIn(access, project.id) : null);

/** Refuses what the actor may not do. */
export const requirePermission = (actor: Actor, permission: Permission, subject?: Subject): void => {
  if (!isAllowed(actor, permission, subject)) throw refused(actor, permission, subject);
};
/** Refuses who may not do it with anything of the project: which thing is meant is known later. */
export const requireWithin = (actor: Actor, permission: Permission): void => {
  const may = isWithinBounds(actor, permission) && (!actor.access || mayWithin(actor.access, actor.project.id, permission));
  if (!may) throw refused(actor, permission);
};

/** What a token leaves of its owner's rights. */
const isWithinBounds = ({ permissions, onlyIn, project }: Actor, permission: Permission): boolean =>
  (permissions === 'all' || permissions.includes(permission)) &&
  (!onlyIn || onlyIn.id === project.id || (project.id === nowhere.id && permission === 'system:read'));

const refused = ({ id, project }: Actor, permission: Permission, subject?: Subject): AppError =>
  new AppError('permission_denied', `${id} may not ${permission} in project ${project.name}`, {
    reason: 'missing_permission',
    details: { permission, ...(subject && { subject: { project: project.name, ...subject } }) },
  });
