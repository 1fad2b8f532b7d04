import { createLearner } from '../learner.ts';
import type { Thread } from '../thread.ts';

/** A learner in the thread of the test: what it does is the same, and it starts at once. */
export const startHere = (settings: Parameters<typeof createLearner>[0]): Thread => {
  const learner = createLearner(settings, () => false);
  let last: Promise<unknown> = Promise.resolve();
  return {
    call: (request, signal) => {
      signal?.throwIfAborted();
      last = last.catch(() => undefined).then(() => learner(request));
      return last;
    },
    close: async () => void (await last.catch(() => undefined)),
  };
};
