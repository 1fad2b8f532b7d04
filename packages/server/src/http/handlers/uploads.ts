import type { api } from '@boucle/contract';
import type { Tracking } from '../../tracking/index.ts';
import type { Handlers } from '../bind.ts';

export const uploadHandlers = ({ artifacts: { uploads } }: Pick<Tracking, 'artifacts'>): Handlers<typeof api.uploads> => ({
  begin: ({ actor, params, body }) => uploads.begin(actor, `run:${params.runId}`, body),
  get: ({ actor, params }) => uploads.get(actor, `run:${params.runId}`, params.uploadId),
  part: ({ actor, params: { runId, uploadId: id, number }, data }) => uploads.putPart(actor, { owner: `run:${runId}`, id, number, data }),
  complete: ({ actor, params: { runId, uploadId: id }, body }) => uploads.complete(actor, { owner: `run:${runId}`, id, ...body }),
  abort: async ({ actor, params }) => {
    await uploads.abort(actor, `run:${params.runId}`, params.uploadId);
    return {};
  },
});
