import type { GroupUse, ProcessGroup } from './process-group.ts';
import { canMeasure } from './proc.ts';

export interface Meter {
  /** Looks now, unless it just has. */
  readonly sample: () => void;
  readonly stop: () => { readonly peakMemoryBytes: number; readonly cpuSeconds: number };
}

/** Watches what a group uses, more often the nearer it comes to its limit, and says once that it is over. */
export const startMeter = (group: ProcessGroup, memoryBytes: number, onOver: (use: GroupUse) => void): Meter => {
  let peakMemoryBytes = 0;
  let cpuSeconds = 0;
  let lastSample = 0;
  let lastFind = 0;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  const sample = () => {
    const now = performance.now();
    if (!canMeasure || now - lastSample < 20) return;
    const find = now - lastFind > 500;
    if (find) lastFind = now;
    lastSample = now;
    const use = group.use({ find });
    peakMemoryBytes = Math.max(peakMemoryBytes, use.memoryBytes);
    cpuSeconds = Math.max(cpuSeconds, use.cpuSeconds);
    // Resident memory counts a shared page once for each who shares it; before killing, count it once.
    if (isOver || use.memoryBytes <= memoryBytes || group.sharedUse() <= memoryBytes) return;
    isOver = true;
    onOver(use);
  };
  const plan = () => {
    const before = peakMemoryBytes;
    sample();
    const isGrowing = peakMemoryBytes > before * 1.1 || peakMemoryBytes > memoryBytes / 2;
    timer = setTimeout(plan, isGrowing ? 25 : 150);
  };
  plan();
  return {
    sample,
    stop: () => {
      clearTimeout(timer);
      return { peakMemoryBytes, cpuSeconds };
    },
  };
};
