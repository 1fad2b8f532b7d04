/** Callers that wait together share one sync: each is answered by one that began after it asked. */
export const shareSync = (sync: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    const mine = sync().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  };
  return () => {
    if (!running) return begin();
    next ??= running
      .catch(() => {}) // Its own callers hear of it.
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
};
