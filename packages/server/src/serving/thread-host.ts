import { Worker } from 'node:worker_threads';
import { AppError, type Columns, type Explanation } from '@boucle/contract';
import { hostEnded } from './host-ended.ts';
import type { ExplainOptions, InferenceHost, OpenHost } from './inference-host.ts';
import type { Answer, Ask, Refusal, Told } from './inference-thread.ts';

/** More heap than this, and the thread ends instead of the server. Weights lie outside the heap. */
const heapMb = 1024;
const loadMs = 120_000;

/** A model of pure JavaScript in a worker thread. */
export const openThreadHost: OpenHost = async (folder) => {
  const worker = new Worker(new URL(`./inference-thread.${import.meta.url.split('.').pop()}`, import.meta.url), {
    workerData: { folder },
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const waiting = new Map<number, { resolve: (outputs: Answer) => void; reject: (reason: Error) => void }>();
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
      for (const { reject } of waiting.values()) reject(hostEnded(howOf(code, cause), cause));
      waiting.clear();
    });
  });
  const close = async (): Promise<void> => void (await worker.terminate());

  const tooLong = setTimeout(() => {
    cause = new Error(`not loaded within ${loadMs / 1000} s`);
    void worker.terminate();
  }, loadMs);
  const facts = await new Promise<InferenceHost['facts']>((resolve, reject) => {
    void ended.then(() => reject(hostEnded(howOf(1, cause), cause)));
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

  const ask = (columns: Columns, explaining?: ExplainOptions): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (hasEnded) return reject(hostEnded(howOf(0, cause), cause));
      const asking: Ask = explaining ? [++asked, columns, explaining] : [++asked, columns];
      waiting.set(asked, { resolve, reject });
      worker.postMessage(asking);
    });
  return {
    facts,
    ended,
    close,
    usage: async () => {
      const [{ user, system }, heap] = await Promise.all([worker.cpuUsage(), worker.getHeapStatistics()]);
      return { cpuSeconds: (user + system) / 1e6, memoryBytes: heap.total_heap_size + heap.malloced_memory + heap.external_memory };
    },
    predict: (columns) => ask(columns) as Promise<Columns>,
    explain: (columns, options) => ask(columns, options) as Promise<Explanation[]>,
  };
};

const errorOf = ({ message, stack, refused }: Refusal): Error =>
  refused ? new AppError(refused.code, message, refused) : Object.assign(new Error(message), stack && { stack });

const howOf = (code: number, cause: unknown): string => (cause instanceof Error ? cause.message : `exit ${code}`);
