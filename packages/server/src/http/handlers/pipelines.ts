import type { api } from '@boucle/contract';
import type { Pipelines, Reproductions, Triggers } from '../../pipelines/index.ts';
import type { Handlers } from '../bind.ts';

type Routes = Pick<typeof api, 'pipelines' | 'pipelineRuns' | 'stepRuns' | 'triggers'>;

export const pipelineHandlers = (pipelines: Pipelines, triggers: Triggers): Handlers<Routes> => ({
  pipelines: {
    list: async ({ actor }) => ({ items: await pipelines.pipelines(actor) }),
    run: ({ actor, params, body, idempotencyKey }) => pipelines.start(actor, { pipeline: params.pipeline, ...body, key: idempotencyKey }),
    backfill: ({ actor, params, body }) => triggers.backfill(actor, { pipeline: params.pipeline, ...body }),
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
  triggers: {
    list: async ({ actor }) => ({ items: await triggers.list(actor.project) }),
    fire: ({ actor, params, body, idempotencyKey }) => triggers.fire(actor, { ...params, ...body, key: idempotencyKey }),
  },
});

export const reproductionHandlers = (reproductions: Reproductions): Pick<Handlers<typeof api.runs>, 'reproduce' | 'reproduction'> => ({
  reproduce: ({ actor, params, idempotencyKey }) => reproductions.start(actor, params.runId, idempotencyKey),
  reproduction: ({ actor, params }) => reproductions.result(actor, params.runId, params.pipelineRunId),
});
