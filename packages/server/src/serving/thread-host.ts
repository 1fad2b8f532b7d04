import { Worker } from 'node:worker_threads';
import { AppError, type Columns } from '@boucle/contract';
import type { InferenceHost, OpenHost } from './inference-host.ts';
import type { Ask, Refusal, Told } from './inference-thread.ts';

/** More heap than this, and the thread ends instead of the server. Weights lie outside the heap. */
const heapMb = 1024;
const loadMs = 120_000;

/** A model of pure JavaScript in a worker thread. */
export const openThreadHost: OpenHost = async (folder) => {
  const worker = new Worker(new URL(`./inference-thread.${import.meta.url.split('.').pop()}`, import.meta.url), {
    workerData: { folder },
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const waiting = new Map<number, { resolve: (outputs: Columns) => void; reject: (reason: Error) => void }>();
  let asked = 0;
  let hasEnded = false;
  let cause: unknown;
  worker.on('error', (error) => {
    cause = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      // Told first, so that whoever asks again asks the next host.
      hasEnded = true;
      resolve();
      for (const { reject } of waiting.values()) reject(hostEnded(code, cause));
      waiting.clear();
    });
  });
  const close = async (): Promise<void> => void (await worker.terminate());

  const tooLong = setTimeout(() => {
    cause = new Error(`not loaded within ${loadMs / 1000} s`);
    void worker.terminate();
  }, loadMs);
  const facts = await new Promise<InferenceHost['facts']>((resolve, reject) => {
    void ended.then(() => reject(hostEnded(1, cause)));
    worker.on('message', (told: Told) => {
      if ('facts' in told) return resolve(told.facts);
      if ('refusal' in told) return reject(errorOf(told.refusal));
      const [id, outputs, refusal] = told;
      const asker = waiting.get(id);
      waiting.delete(id);
      if (outputs) asker?.resolve(outputs);
      else asker?.reject(errorOf(refusal));
    });
  }).finally(() => clearTimeout(tooLong));

  return {
    facts,
    ended,
    close,
    predict: (columns) =>
      new Promise((resolve, reject) => {
        if (hasEnded) return reject(hostEnded(0, cause));
        const ask: Ask = [++asked, columns];
        waiting.set(asked, { resolve, reject });
        worker.postMessage(ask);
      }),
  };
};

const errorOf = ({ message, stack, refused }: Refusal): Error =>
  refused ? new AppError(refused.code, message, refused) : Object.assign(new Error(message), stack && { stack });

const hostEnded = (code: number, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `The model ended while it was at work (${cause instanceof Error ? cause.message : `exit ${code}`}): it is started again, try once more`,
    {
      reason: 'model_ended',
      details: { retryAfterSeconds: 1 },
      cause,
    },
  );
