/** Handed in wherever time is read or waited for, so that a test can hold it still and a demonstration can hurry it. */
export interface Clock {
  now(): Date;
  /** Wakes once it is that late, or as soon as it can after; never in the same turn. What is returned forgets it. */
  at(time: Date, wake: () => void): () => void;
}

/** The longest that a timer of Node can wait. */
const longestMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  at: (time, wake) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = time.getTime() - Date.now();
      timer = left > longestMs ? setTimeout(wait, longestMs) : setTimeout(wake, Math.max(0, left));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

export interface LeapingClock extends Clock {
  /** At once, past everything that waits; it wakes in the next turn. */
  advance(ms: number): void;
  /** From one awaited moment to the next; what wakes there has its first turn before time goes on. */
  leap(ms: number): Promise<void>;
}
interface Waiting {
  readonly time: number;
  readonly wake: () => void;
}

/** Time that goes by as it does, and leaps when it is told: days pass in a moment, and what was due meanwhile wakes in order. */
export const leapingClock = (start: Date = new Date(), { flows = true } = {}): LeapingClock => {
  const began = Date.now();
  let leapt = 0;
  const waiting = new Set<Waiting>();
  const now = (): number => start.getTime() + leapt + (flows ? Date.now() - began : 0);
  const nextBefore = (end: number): Waiting | undefined =>
    [...waiting].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0];
  const wakeDue = (): void => {
    for (let due; (due = nextBefore(now()));) {
      waiting.delete(due);
      due.wake();
    }
  };

  return {
    now: () => new Date(now()),
    at: (time, wake) => {
      const entry = { time: time.getTime(), wake };
      waiting.add(entry);
      const timer = setTimeout(wakeDue, flows ? Math.min(longestMs, Math.max(0, entry.time - now())) : 0).unref();
      return () => {
        waiting.delete(entry);
        clearTimeout(timer);
      };
    },
    advance: (ms) => {
      leapt += ms;
      setImmediate(wakeDue);
    },
    leap: async (ms) => {
      const end = now() + ms;
      for (let due; (due = nextBefore(end));) {
        waiting.delete(due);
        leapt += Math.max(0, due.time - now());
        due.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      leapt += Math.max(0, end - now());
    },
  };
};
