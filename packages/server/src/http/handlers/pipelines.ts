import type { api } from '@boucle/contract';
import type { Pipelines, Reproductions } from '../../pipelines/index.ts';
import type { Handlers } from '../bind.ts';

type Routes = Pick<typeof api, 'pipelines' | 'pipelineRuns' | 'stepRuns'>;

export const pipelineHandlers = (pipelines: Pipelines): Handlers<Routes> => ({
  pipelines: {
    list: async ({ actor }) => ({ items: await pipelines.pipelines(actor) }),
    run: ({ actor, params, body, idempotencyKey }) => pipelines.start(actor, { pipeline: params.pipeline, ...body, key: idempotencyKey }),
  },
  pipelineRuns: {
    list: ({ actor, query }) => pipelines.list(actor, query),
    get: ({ actor, params }) => pipelines.get(actor, params.pipelineRunId),
    cancel: ({ actor, params }) => pipelines.cancel(actor, params.pipelineRunId),
  },
  stepRuns: {
    get: ({ actor, params }) => pipelines.step(actor, params.stepRunId),
    why: ({ actor, params }) => pipelines.why(actor, params.stepRunId),
    log: ({ actor, params, query }) => pipelines.log(actor, params.stepRunId, query),
  },
});

export const reproductionHandlers = (reproductions: Reproductions): Pick<Handlers<typeof api.runs>, 'reproduce' | 'reproduction'> => ({
  reproduce: ({ actor, params, idempotencyKey }) => reproductions.start(actor, params.runId, idempotencyKey),
  reproduction: ({ actor, params }) => reproductions.result(actor, params.runId, params.pipelineRunId),
});
