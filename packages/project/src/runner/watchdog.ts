import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the watching thread is told when a step begins. */
export interface Watched {
  /** Where the result of a step is to be written. */
  readonly result?: string;
  /** Where the project's own code is. */
  readonly bundle?: string;
  readonly timeoutMs?: number | undefined;
  readonly memoryMb?: number | undefined;
}

/**
 * A thread that goes on looking while the step's code is in a loop: when the parent is gone, time is up or memory is spent, it kills the
 * process with all that it started. Resolves once it looks.
 */
export const startWatchdog = async (): Promise<(watched: Watched) => void> => {
  const parent = Number(process.env['BOUCLE_PARENT'] ?? process.ppid);
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
    workerData: { parent },
    execArgv: [],
  });
  await once(thread, 'online');
  thread.unref();
  // Without it a killed server would leave its steps behind; better no step than one that nobody watches.
  thread.once('error', (error) => {
    throw error;
  });
  return (watched) => thread.postMessage(watched);
};
