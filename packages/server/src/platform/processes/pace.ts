import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so much pass in each slice of time and makes the rest wait, so that one loud child cannot keep the parent busy. */
export type Pace = (amount: number) => Promise<void>;

export const createPace = (perSecond: number, sliceMs = 50): Pace => {
  const perSlice = (perSecond * sliceMs) / 1000;
  let sliceEnds = 0;
  let spent = 0;
  return async (amount) => {
    const now = performance.now();
    if (now >= sliceEnds) {
      sliceEnds = now + sliceMs;
      spent = 0;
    }
    spent += amount;
    if (spent > perSlice) await sleep(sliceEnds - now);
  };
};
