import type { Columns } from '@boucle/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/index.ts';
import type { HostUsage, InferenceHost, ModelFacts } from './inference-host.ts';
import { createRowQueue, type QueueLimits, type RowRequest } from './row-queue.ts';

export interface ServedModelOptions {
  readonly open: () => Promise<InferenceHost>;
  readonly limits: QueueLimits & { readonly callMs: number };
  readonly log: Log;
}
export interface ServedModel {
  readonly facts: ModelFacts;
  readonly predict: (request: RowRequest) => Promise<Columns>;
  /** Of the host that runs now; undefined where it cannot be told. */
  usage(): Promise<HostUsage | undefined>;
  /** For good; whoever shares it says when nobody needs it any more. */
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

  const { predict } = createRowQueue(
    async (columns) => {
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
    },
    batchesOf(facts, limits),
  );

  return {
    facts,
    predict,
    // Between two hosts there is nothing to measure.
    usage: () => host.then((current) => current.usage?.()).catch(() => undefined),
    close: async () => {
      closed = true;
      await host.then(
        (current) => current.close(),
        () => {},
      );
    },
  };
};

/** A model that takes just so many rows at a time takes them from one request. */
const batchesOf = ({ signature }: ModelFacts, limits: QueueLimits): QueueLimits =>
  signature.inputs.every(({ shape }) => shape[0] === -1) ? limits : { ...limits, batchRows: 0 };
