import { once } from 'node:events';
import { Worker, isMainThread, workerData } from 'node:worker_threads';

/**
 * Import this first in a child program: where the parent is gone, killed even, the child ends with all that it started.
 * A thread of its own looks, because the child's main thread may be in a loop.
 */
const watch = { watchParentOf: process.pid, parent: Number(process.env.BOUCLE_PARENT ?? process.ppid) };

if (isMainThread) {
  // With 8 MB of heap such a thread was seen to die of it, in silence.
  const thread = new Worker(new URL(import.meta.url), { workerData: watch, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 32 } });
  await once(thread, 'online'); // before the program says that it is ready, and before its folder may go
  thread.unref();
} else if (isWatch(workerData)) {
  const { parent } = workerData;
  setInterval(() => {
    if (process.ppid !== parent) endGroup();
  }, 250);
}

function isWatch(data: unknown): data is typeof watch {
  return typeof data === 'object' && data !== null && 'watchParentOf' in data;
}

function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL'); // started by hand, it leads no group
  }
}
