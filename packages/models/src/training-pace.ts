import { setImmediate } from 'node:timers/promises';

export interface TrainingHooks {
  /** Training stops at the next pause and throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Done out of total, both whole numbers, and never less than before. */
  readonly progress?: (done: number, total: number) => void;
  /** `train_loss`: with two labels at each epoch, with more at each label, as its solution is found. */
  readonly metric?: (name: string, value: number, step: number) => void;
  readonly log?: (line: string) => void;
}

/** How far training has come, and the pauses in which it hears the signal and others have their turn. */
export const createPace = ({ signal, progress }: TrainingHooks) => {
  const total = 1000;
  let done = -1;
  const reach = (share: number): void => {
    const now = Math.floor(share * total);
    if (now <= done) return;
    done = now;
    progress?.(done, total);
  };
  const pause = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  signal?.throwIfAborted();
  reach(0);
  return {
    reach,
    pause,
    /** Does something with each of so many things, on the stretch of the way that is given. `use` says how much work it was, in characters. */
    each: async (count: number, [from, to]: readonly [number, number], use: (i: number) => number): Promise<void> => {
      let work = 0;
      for (let i = 0; i < count; i++) {
        work += use(i);
        if (work < 200_000) continue;
        work = 0;
        reach(from + ((to - from) * i) / count);
        await pause();
      }
    },
  };
};
export type Pace = ReturnType<typeof createPace>;
