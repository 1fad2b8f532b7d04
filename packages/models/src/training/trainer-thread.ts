import { AppError } from '@boucle/contract';
import { parentPort, workerData } from 'node:worker_threads';
import { createLearner, type LearnerSettings, type Request } from './learner.ts';
import { setIdle, isStopping, type Signals } from './thread-signals.ts';

/** The thread's end of a trainer: requests are carried out one after the other, and each is answered. */
const { settings, signals } = workerData as { settings: LearnerSettings; signals: Signals };
const learner = createLearner(settings, () => isStopping(signals));

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', ({ id, request }: { id: number; request: Request | 'end' }) => {
  last = last.then(async () => {
    if (request === 'end') return parentPort!.close();
    setIdle(signals, false);
    try {
      parentPort!.postMessage({ id, value: await learner(request) });
    } catch (error) {
      parentPort!.postMessage({ id, ...asData(error) });
    }
    setIdle(signals, true);
  });
});

/** An AppError loses its class on the way between threads. */
const asData = (error: unknown): object => {
  if (!(error instanceof AppError)) return { error };
  const { code, message, reason, details } = error;
  return { app: { code, message, reason, details } };
};
