import type { Deployment } from '@boucle/contract';
import { newId } from '../platform/index.ts';

/** A deployment that answers; its variants are for who asks to say. */
export const aDeployment = (
  given: Pick<Deployment, 'project' | 'endpoint' | 'variants' | 'createdAt'> & Partial<Deployment>,
): Deployment => ({
  id: newId(),
  number: 1,
  salt: 'salt',
  rolloutId: null,
  reference: `${given.endpoint}/1`,
  log: 'written',
  status: 'ready',
  message: null,
  createdBy: 'owner',
  correlationId: newId(),
  ...given,
});
