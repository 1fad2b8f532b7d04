export { knowsSubjects, type Subject } from './access.ts';
export {
  type Actor,
  type Caller,
  isAllowed,
  levelOf,
  nowhere,
  type ProjectRef,
  requirePermission,
  requireWithin,
  systemActor,
} from './actor.ts';
export { type Approvals, createApprovals } from './approvals.ts';
export type { Identity, LentToken } from './identity.ts';
export type { Level } from './level.ts';
export type { Tokens } from './tokens.ts';
export type { Given, Users } from './users.ts';
export { createWhoMay, type WhoMay } from './who-may.ts';
