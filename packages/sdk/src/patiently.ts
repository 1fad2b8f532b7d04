import { isPassing } from './api-error.ts';

/** Asks again while the server is away or busy, with longer and longer pauses, until the time is up. */
export const patiently = async <T>(forMs: number, ask: (isAgain: boolean) => Promise<T>): Promise<T> => {
  const until = Date.now() + forMs;
  for (let failures = 0; ; failures++) {
    try {
      return await ask(failures > 0);
    } catch (error) {
      const pauseMs = Math.min(100 * 2 ** failures, 5000);
      if (!isPassing(error) || Date.now() + pauseMs > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
};
