import type { Permission } from '@boucle/contract';
import { allows, type Level } from './level.ts';

/** What somebody was given in one project. */
interface Given {
  readonly role?: Level;
  /** By type and id. */
  readonly grants: ReadonlyMap<string, Level>;
}
/** What a user may, everywhere. */
export interface Access {
  readonly isAdmin: boolean;
  /** Where nothing was said. */
  readonly fallback: Level;
  /** By the project's id. */
  readonly projects: ReadonlyMap<string, Given>;
}
export interface Subject {
  readonly type: string;
  readonly id: string;
}

export const grantKey = ({ type, id }: Subject): string => `${type} ${id}`;

/** What was said of the thing itself counts, else the role in its project, else what everybody has. */
export const levelIn = ({ isAdmin, fallback, projects }: Access, projectId: string, subject?: Subject): Level => {
  if (isAdmin) return 'manage';
  const given = projects.get(projectId);
  return (subject && given?.grants.get(grantKey(subject))) ?? given?.role ?? fallback;
};

export const mayIn = (access: Access, projectId: string, permission: Permission, subject?: Subject): boolean =>
  access.isAdmin || allows(levelIn(access, projectId, subject), permission);

/** Whether something was said of single things there, so that it matters which is meant. */
export const knowsSubjects = ({ isAdmin, projects }: Access, projectId: string): boolean =>
  !isAdmin && (projects.get(projectId)?.grants.size ?? 0) > 0;

/** Whether the role, or what was said of any single thing, allows it: enough to read a request on, and not to carry it out. */
export const mayWithin = (access: Access, projectId: string, permission: Permission): boolean =>
  mayIn(access, projectId, permission) ||
  [...(access.projects.get(projectId)?.grants.values() ?? [])].some((level) => allows(level, permission));
