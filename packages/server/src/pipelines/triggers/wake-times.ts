import type { Clock } from '../../platform/index.ts';
import { nextDue } from './due-times.ts';

interface Parts {
  readonly clock: Clock;
  readonly wake: (projectId: string) => void;
}
interface Awaited {
  readonly id: string;
  readonly projectId: string;
  readonly schedule: { readonly schedule: string; readonly zone: string };
  readonly due: Date;
}

/**
 * Wakes at due times. What comes after one is armed in the same turn, and which were met is remembered: a simulated clock may be days
 * ahead before the look that was woken is made.
 */
export const createWakeTimes = ({ clock, wake }: Parts) => {
  const timers = new Map<string, { projectId: string; at: Date; forget: () => void }>();
  const met = new Map<string, Set<number>>();

  const arm = (awaited: Awaited): void => {
    const { id, projectId, schedule, due } = awaited;
    timers.get(id)?.forget();
    const forget = clock.at(due, () => {
      const now = clock.now();
      // A timer may be a moment early.
      if (now < due) return arm(awaited);
      if (now.getTime() - due.getTime() <= 1000) metIn(projectId).add(due.getTime());
      timers.delete(id);
      const after = nextDue(schedule, now);
      if (after) arm({ ...awaited, due: after });
      wake(projectId);
    });
    timers.set(id, { projectId, at: due, forget });
  };
  const metIn = (projectId: string): Set<number> => {
    const known = met.get(projectId) ?? new Set();
    met.set(projectId, known);
    return known;
  };

  return {
    /** Awaits these in a project, and no others. */
    set: (projectId: string, all: readonly Awaited[]): void => {
      const wanted = new Set(all.map(({ id }) => id));
      for (const [id, timer] of timers) {
        if (timer.projectId !== projectId || wanted.has(id)) continue;
        timer.forget();
        timers.delete(id);
      }
      const now = clock.now();
      for (const awaited of all) {
        const timer = timers.get(awaited.id);
        // One that is ahead of what was read has woken already, unless the clock went back.
        if (!timer || (timer.at > awaited.due && awaited.due > now)) arm(awaited);
      }
    },
    /** Whether a timer woke at this time. */
    met: (projectId: string): ReadonlySet<number> => metIn(projectId),
    forget: (projectId: string, due: readonly Date[]): void => {
      for (const time of due) metIn(projectId).delete(time.getTime());
    },
    close: (): void => {
      for (const { forget } of timers.values()) forget();
      timers.clear();
    },
  };
};
export type WakeTimes = ReturnType<typeof createWakeTimes>;
