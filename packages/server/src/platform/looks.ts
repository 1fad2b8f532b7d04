import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes what the database says and moves what can move. What it throws is logged, and it looks again later. */
  readonly look: (subject: string) => Promise<void>;
  readonly retryMs?: number;
  /** What the log says of a look that failed. */
  readonly complaint?: string;
}

/**
 * One look at a time for each subject. A hint during a look brings another one after it, so that nothing is overlooked; many hints
 * at once are one look.
 */
export const createLooks = ({ clock, log, look, retryMs = 30_000, complaint = 'a look failed' }: Parts) => {
  const looks = new Map<string, { again: boolean; looking: Promise<void> }>();
  const retries = new Set<() => void>();
  let closed = false;
  // A hint may come from inside somebody's write, which the look must not join.
  const outside = AsyncLocalStorage.snapshot();

  const hint = (subject: string): void => {
    if (closed) return;
    const known = looks.get(subject);
    if (known) {
      known.again = true;
      return;
    }
    const entry = { again: false, looking: Promise.resolve() };
    looks.set(subject, entry);
    entry.looking = outside(lookWhileAsked, subject, entry);
  };
  const lookWhileAsked = async (subject: string, entry: { again: boolean }): Promise<void> => {
    try {
      do {
        entry.again = false;
        await look(subject);
      } while (entry.again && !closed);
    } catch (error) {
      log.error(complaint, { subject, error });
      later(subject, new Date(clock.now().getTime() + retryMs));
    } finally {
      // In the same turn as the last question whether to look again, so that no hint falls in between.
      looks.delete(subject);
    }
  };
  const later = (subject: string, time: Date): void => {
    if (closed) return;
    const forget = clock.at(time, () => {
      retries.delete(forget);
      hint(subject);
    });
    retries.add(forget);
  };

  return {
    hint,
    /** A hint at a time of the clock. */
    later,
    /** Once nothing is being looked at. */
    settled: async (): Promise<void> => {
      while (looks.size > 0) await Promise.all([...looks.values()].map(({ looking }) => looking));
    },
    /** Ends what is being looked at, and looks no more. */
    close: async (): Promise<void> => {
      closed = true;
      for (const forget of retries) forget();
      await Promise.all([...looks.values()].map(({ looking }) => looking));
    },
  };
};
export type Looks = ReturnType<typeof createLooks>;
