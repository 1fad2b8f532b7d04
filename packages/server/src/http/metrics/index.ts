import type { FastifyInstance } from 'fastify';
import { nowhere, requirePermission } from '../../governance/index.ts';
import type { CallerOf } from '../caller.ts';
import { exposition, expositionType, type Family } from './exposition.ts';

export type { Family, Histogram, Sample } from './exposition.ts';

interface Parts {
  readonly collect: () => Promise<readonly Family[]>;
  readonly callerOf: CallerOf;
}

/** `/metrics`, for Prometheus to scrape. */
export const bindMetrics = (app: FastifyInstance, { collect, callerOf }: Parts): void => {
  app.get('/metrics', async (request, reply) => {
    requirePermission({ ...(await callerOf(request)), project: nowhere }, 'system:read');
    return reply.type(expositionType).send(exposition(await collect()));
  });
};
