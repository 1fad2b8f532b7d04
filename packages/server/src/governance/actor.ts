import { AppError, type Permission } from '@boucle/contract';

/** The project a caller works in, found by its name once, at the door. */
export interface ProjectRef {
  readonly id: string;
  readonly name: string;
}
/** Who asks, where, and what they may. */
export interface Actor {
  readonly id: string;
  readonly project: ProjectRef;
  readonly permissions: 'all' | readonly Permission[];
}
export interface Subject {
  readonly type: string;
  readonly id: string;
}

/** The server itself, when it goes on with what somebody started. */
export const systemActor = (project: ProjectRef): Actor => ({ id: 'system', project, permissions: 'all' });

/** Refuses what the actor may not do. */
export const requirePermission = (actor: Actor, permission: Permission, subject?: Subject): void => {
  if (actor.permissions === 'all' || actor.permissions.includes(permission)) return;
  throw new AppError('permission_denied', `${actor.id} may not ${permission} in project ${actor.project.name}`, {
    reason: 'missing_permission',
    details: { permission, ...(subject && { subject: { project: actor.project.name, ...subject } }) },
  });
};
