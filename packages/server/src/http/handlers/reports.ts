import type { reports } from '@boucle/contract';
import type { Reports } from '../../reports/index.ts';
import type { Handlers } from '../bind.ts';

export const reportHandlers = (from: Reports): Handlers<typeof reports> => ({
  trace: ({ actor, params }) => from.trace(actor, params.predictionId),
  overview: ({ actor }) => from.overview(actor),
  story: ({ actor, params, query }) => from.story(actor, params.correlationId, query.limit),
  stories: ({ actor, query }) => from.stories(actor, query.limit),
});
