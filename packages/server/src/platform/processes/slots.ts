/** So many at once; who comes later waits, first come first served. */
export interface Slots {
  readonly use: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  readonly count: () => { readonly slots: number; readonly running: number; readonly waiting: number };
}

export const createSlots = (slots: number): Slots => {
  const waiting: (() => void)[] = [];
  let running = 0;

  const enter = (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (running < slots) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.push(turn);
    });
  };
  /** The slot goes to the next in line without becoming free, so that nobody slips in between. */
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    use: async (work, signal) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    count: () => ({ slots, running, waiting: waiting.length }),
  };
};
