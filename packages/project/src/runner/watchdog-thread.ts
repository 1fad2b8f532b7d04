import { renameSync, writeFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Failure } from '@boucle/contract';
import { whereIn } from '../where.ts';
import { endFamily } from './end-family.ts';
import { stackOfMainThread } from './main-stack.ts';
import type { StepResult } from './step-spec.ts';
import type { Watched } from './watchdog.ts';

const { parent } = workerData as { parent: number };
let watched: Watched & { readonly since: number } = { since: 0 };

/** The main thread may never come to write anything again. */
const endWith = (failure: Failure): void => {
  try {
    writeSync(2, `${failure.message}\n`);
    if (watched.result !== undefined) {
      const result: StepResult = { format: 'boucle.result/1', status: 'failed', failure };
      writeFileSync(`${watched.result}.tmp`, JSON.stringify(result));
      renameSync(`${watched.result}.tmp`, watched.result);
    }
  } catch {
    // The folder is gone, or nobody reads; that there is no result says enough.
  }
  endFamily();
};

let isLate = false;
/** Says where it was, too: a loop is found by its place. */
const endLate = async (timeoutMs: number): Promise<void> => {
  if (isLate) return;
  isLate = true;
  const where = watched.bundle === undefined ? undefined : whereIn(await stackOfMainThread(900), watched.bundle);
  const message = `It took longer than ${timeoutMs / 1000} s, its limit`;
  endWith({ kind: 'timeout', retryable: false, reason: 'timeout', message, ...(where !== undefined && { where }) });
};

setInterval(() => {
  if (process.ppid !== parent) endFamily();
  const { timeoutMs, memoryMb, since } = watched;
  if (timeoutMs !== undefined && performance.now() - since > timeoutMs) void endLate(timeoutMs);
  if (memoryMb !== undefined && process.memoryUsage.rss() > memoryMb * 2 ** 20) {
    endWith({
      kind: 'user',
      retryable: false,
      reason: 'memory_limit',
      message: `It took too much: ${memoryMb} MiB of memory is its limit`,
    });
  }
}, 100);
parentPort?.on('message', (told: Watched) => {
  watched = { ...told, since: performance.now() };
});
