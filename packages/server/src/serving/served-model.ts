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
  /** Until it is let go, the model stays. */
  hold(): () => void;
  /** Once nobody holds it. */
  close(): Promise<void>;
}

/** A model that answers: a queue before a host, and another host when that one dies or does not come back from a call. */
export const serveModel = async ({ open, limits, log }: ServedModelOptions): Promise<ServedModel> => {
  let closing = false;
  let closed = false;
  let holds = 0;
  const free = Promise.withResolvers<void>();
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

  const { predict } = createRowQueue(async (columns) => {
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
    predict,
    hold: () => {
      holds++;
      return () => {
        if (--holds === 0 && closing) free.resolve();
      };
    },
    close: async () => {
      closing = true;
      if (holds > 0) await free.promise;
      closed = true;
      await host.then(
        (current) => current.close(),
        () => {},
      );
    },
  };
};
