import { renameSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { StepResult } from './step-spec.ts';
import type { Watched } from './watchdog.ts';

const { parent } = workerData as { parent: number };
let watched: (Watched & { readonly since: number }) | undefined;

const endGroup = (): void => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // Started by hand, it leads no group.
    process.kill(process.pid, 'SIGKILL');
  }
};

/** The main thread may never come to write anything again. */
const endWith = (failure: Extract<StepResult, { status: 'failed' }>['failure']): void => {
  try {
    const path = watched?.result ?? '';
    writeFileSync(`${path}.tmp`, JSON.stringify({ format: 'boucle.result/1', status: 'failed', failure } satisfies StepResult));
    renameSync(`${path}.tmp`, path);
  } catch {
    // The folder is gone; that there is no result says enough.
  }
  endGroup();
};

setInterval(() => {
  if (process.ppid !== parent) endGroup();
  const { timeoutMs, memoryMb, since } = watched ?? { since: 0 };
  if (timeoutMs !== undefined && performance.now() - since > timeoutMs) {
    endWith({ kind: 'timeout', retryable: true, message: `The step took longer than ${timeoutMs / 1000} s` });
  }
  if (memoryMb !== undefined && process.memoryUsage.rss() > memoryMb * 2 ** 20) {
    endWith({ kind: 'user', retryable: false, reason: 'memory_limit', message: `The step held more than ${memoryMb} MiB of memory` });
  }
}, 250);
parentPort?.on('message', (told: Watched) => {
  watched = { ...told, since: performance.now() };
});
