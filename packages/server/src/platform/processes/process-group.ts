import { setTimeout as sleep } from 'node:timers/promises';
import { canMeasure, findMembers, readShare, readStat } from './proc.ts';

export interface GroupUse {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/**
 * A child and all that came of it: its process group, and those who left the group (setsid) but still carry the mark
 * in the environment they inherited.
 */
export interface ProcessGroup {
  /** What the members known so far use; `find` looks for new ones first, at some cost. */
  readonly use: (options?: { find: boolean }) => GroupUse;
  /** The same memory with shared pages counted once. */
  readonly sharedUse: () => number;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly isGone: () => boolean;
  /** SIGTERM, a grace, SIGKILL, and a look whether it helped: false if somebody is left. A grace of 0 kills at once. */
  readonly end: (graceMs: number) => Promise<boolean>;
}

export const createProcessGroup = (leader: number, mark: string): ProcessGroup => {
  let members = [leader];

  const find = () => {
    members = findMembers(leader, mark).filter((pid) => readStat(pid)?.zombie === false);
  };
  const isGone = () => {
    find();
    return canMeasure ? members.length === 0 : !signalled(-leader, 0);
  };
  const signal = (name: NodeJS.Signals) => {
    find();
    signalled(-leader, name);
    for (const pid of members) if (readStat(pid)?.group !== leader) signalled(pid, name);
  };
  const goneWithin = async (ms: number) => {
    const until = performance.now() + ms;
    for (let pause = 5; performance.now() < until; pause = Math.min(pause * 2, 100)) {
      if (isGone()) return true;
      await sleep(pause);
    }
    return isGone();
  };

  return {
    use: (options) => {
      if (options?.find) find();
      const stats = members.map((pid) => readStat(pid)).filter((stat) => stat !== undefined);
      return {
        memoryBytes: stats.reduce((sum, stat) => sum + stat.memoryBytes, 0),
        cpuSeconds: stats.reduce((sum, stat) => sum + stat.cpuSeconds, 0),
      };
    },
    sharedUse: () => members.reduce((sum, pid) => sum + readShare(pid), 0),
    signal,
    isGone,
    end: async (graceMs) => {
      if (graceMs > 0) {
        signal('SIGTERM');
        if (await goneWithin(graceMs)) return true;
      }
      // More than once, for a process that forked while the list was being read.
      for (let round = 0; round < 3; round++) {
        signal('SIGKILL');
        if (await goneWithin(1000)) return true;
      }
      return false;
    },
  };
};

const signalled = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // no such process, which is what is wanted
  }
};
