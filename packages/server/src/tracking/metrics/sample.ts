import type { Step } from './metric-point.ts';

/** So many of the steps, evenly, and always the last one. */
export const thinned = (steps: readonly Step[], count: number): Step[] => {
  if (steps.length <= count) return [...steps];
  return [...Array.from({ length: count }, (_, i) => steps[Math.floor((i * steps.length) / count)]!), steps.at(-1)!];
};
