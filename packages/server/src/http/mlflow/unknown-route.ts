import type { FastifyInstance } from 'fastify';
import type { Log } from '../../platform/index.ts';
import { prepareMlflow } from './bind-mlflow.ts';
import { MlflowError } from './mlflow-error.ts';

const prefixes = ['/api/2.0', '/api/3.0', '/ajax-api'];

/** Below MLflow's prefixes an unknown address is refused in its words too: by the code its clients turn to an older route. */
export const refuseUnknownRoutes = (app: FastifyInstance, door: { readonly log: Log }): void => {
  for (const prefix of prefixes)
    void app.register(
      async (own) =>
        void prepareMlflow(own, door).setNotFoundHandler(({ method, url }) => {
          throw new MlflowError('ENDPOINT_NOT_FOUND', `There is no route ${method} ${url.slice(0, 500)}`);
        }),
      { prefix },
    );
};
