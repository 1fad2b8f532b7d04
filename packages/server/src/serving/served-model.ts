import type { Columns } from '@boucle/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/index.ts';
import type { InferenceHost, ModelFacts } from './inference-host.ts';
import { createRowQueue, type QueueLimits, type RowRequest } from './row-queue.ts';

export interface ServedModelOptions {
  readonly open: () => Promise<InferenceHost>;
  readonly limits: QueueLimits & { readonly callMs: number };
  readonly log: Log;
}
export interface ServedModel {
  readonly facts: ModelFacts;
  readonly predict: (request: RowRequest) => Promise<Columns>;
  /** Once all that was asked is answered. */
  close(): Promise<void>;
}

/** A model that answers: a queue before a host, and another host when that one dies or does not come back from a call. */
export const serveModel = async ({ open, limits, log }: ServedModelOptions): Promise<ServedModel> => {
  let closed = false;
  let host: Promise<InferenceHost> = open();
  const { facts } = await watch(await host);

  async function watch(opened: InferenceHost): Promise<InferenceHost> {
    void opened.ended.then(() => {
      if (closed) return;
      log.error('a model ended and is started again');
      host = reopen();
    });
    return opened;
  }
  /** Requests wait meanwhile, as long as their deadlines allow. */
  async function reopen(): Promise<InferenceHost> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        return await watch(await open());
      } catch (error) {
        log.error('a model could not be started again', { error, againInMs: wait });
        await sleep(wait, undefined, { ref: false });
        if (closed) throw error;
      }
    }
  }

  const queue = createRowQueue(async (columns) => {
    const current = await host;
    const tooLong = setTimeout(() => {
      log.error('a model did not come back from a call', { afterMs: limits.callMs });
      void current.close();
    }, limits.callMs);
    try {
      return await current.predict(columns);
    } finally {
      clearTimeout(tooLong);
    }
  }, limits);

  return {
    facts,
    predict: queue.predict,
    close: async () => {
      await queue.drained();
      closed = true;
      await host.then(
        (current) => current.close(),
        () => {},
      );
    },
  };
};
