import type { Transform } from 'node:stream';
import { AppError } from '@boucle/contract';
import { type Limits, defaultLimits, heapFlag } from './limits.ts';
import { openOutputLog } from './output-log.ts';
import type { Child, ChildProgram } from './spawn-child.ts';
import { startChild } from './start-child.ts';
import { type Work, supervise } from './work.ts';

export interface PoolOptions extends ChildProgram {
  /** How many children wait, started and ready. */
  readonly idle: number;
  /** Those of work that names none. Work with another limit on memory above this one gets a child started for it, with a larger heap. */
  readonly limits?: Partial<Limits>;
}

export interface WorkOptions {
  readonly limits?: Partial<Limits>;
  /** Takes stdout and stderr. Outside every folder that the child may delete. */
  readonly logFile: string;
  /** Hides secrets in what it prints. */
  readonly createMask?: () => Transform;
  readonly onMessage: (message: unknown, work: Work) => void | Promise<void>;
}

/** Children that are ready before there is work for them. Each does one piece of work and ends, for what user code leaves behind in a process cannot be swept. */
export const createProcessPool = (options: PoolOptions) => {
  const poolLimits = { ...defaultLimits, ...options.limits };
  const ready: Promise<Child>[] = [];
  const running = new Set<Work>();
  const closing = new AbortController();

  const start = (memoryBytes: number): Promise<Child> =>
    startChild({ ...options, execArgv: [...(options.execArgv ?? []), heapFlag(memoryBytes)] }, closing.signal);
  const warm = () => {
    while (!closing.signal.aborted && ready.length < options.idle) {
      const child = start(poolLimits.memoryBytes);
      child.catch(() => {}); // said to the one who takes it
      ready.push(child);
    }
  };
  const take = async (memoryBytes: number): Promise<Child> => {
    if (memoryBytes > poolLimits.memoryBytes) return start(memoryBytes);
    for (let waiting = ready.shift(); waiting; waiting = ready.shift()) {
      const child = await waiting.catch(() => undefined);
      if (child?.isRunning()) return child;
    }
    return start(poolLimits.memoryBytes);
  };

  return {
    /** Starts the children that wait; without it, they are started after the first work was given. */
    warm,
    run: async (message: unknown, { limits, logFile, createMask, onMessage }: WorkOptions): Promise<Work> => {
      if (closing.signal.aborted) throw stopping();
      const all = { ...poolLimits, ...limits };
      const log = await openOutputLog({ file: logFile, limitBytes: all.outputBytes, createMask });
      const child = await take(all.memoryBytes).catch(async (error: unknown) => {
        await log.close();
        throw error;
      });
      if (closing.signal.aborted) {
        await Promise.all([child.group.end(0), log.close()]);
        throw stopping();
      }
      const work = supervise(child, { limits: all, log, onMessage });
      running.add(work);
      void work.ended.catch(() => {}).then(() => running.delete(work));
      work.send(message);
      warm();
      return work;
    },
    close: async (): Promise<void> => {
      closing.abort();
      for (const work of running) work.cancel('the server is stopping');
      const idle = await Promise.allSettled(ready.splice(0));
      await Promise.allSettled([
        ...idle.map((child) => child.status === 'fulfilled' && child.value.group.end(0)),
        ...[...running].map((work) => work.ended),
      ]);
    },
  };
};
const stopping = () => new AppError('unavailable', 'The server is stopping', { reason: 'stopping' });

export type ProcessPool = ReturnType<typeof createProcessPool>;
