import type { FastifyInstance } from 'fastify';
import { withRawBody } from '../bind.ts';
import { sayRequestId } from './inference-error.ts';
import { bindOpenInference, type OpenInferenceParts } from './open-inference.ts';
import { bindScoring } from './scoring.ts';

export const defaultBodyLimit = 16 * 1024 * 1024;

/** What models are asked through: Open Inference Protocol below `/v2`, and MLflow's scoring protocol. Bodies are read whatever their content type says. */
export const bindInference = (
  app: FastifyInstance,
  { bodyLimit = defaultBodyLimit, ...rest }: Omit<OpenInferenceParts, 'bodyLimit'> & { bodyLimit?: number },
): void => {
  const parts = { ...rest, bodyLimit };
  void app.register(async (own) => bindOpenInference(prepared(own), parts), { prefix: '/v2' });
  void app.register(async (own) => bindScoring(prepared(own), parts));
};

const prepared = (app: FastifyInstance): FastifyInstance => {
  sayRequestId(app);
  return withRawBody(app);
};
