export { type Actor, type ProjectRef, requirePermission, type Subject, systemActor } from './actor.ts';
