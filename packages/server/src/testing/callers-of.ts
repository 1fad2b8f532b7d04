import { createWhoMay } from '../governance/index.ts';
import { type CallerOf, createCallerOf } from '../http/index.ts';
import type { Ground } from './ground.ts';

/** Who asks, as the server tells it, over this ground's users. */
export const callersOf = ({ db, clock }: Pick<Ground, 'db' | 'clock'>, adminToken?: string): CallerOf =>
  createCallerOf({ adminToken, identity: createWhoMay({ db, clock, fallback: 'read', isRequired: false }).identity });
