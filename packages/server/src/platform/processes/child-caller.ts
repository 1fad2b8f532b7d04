import { AppError } from '@boucle/contract';
import { type AnsweringChild, createAnsweringChild } from './answering-child.ts';
import type { CallHandlers, CallProgress } from './call.ts';
import { type Limits, defaultLimits, heapFlag } from './limits.ts';
import type { ChildProgram } from './spawn-child.ts';
import { createSlots } from './slots.ts';
import { startChild } from './start-child.ts';

export interface CallerOptions extends ChildProgram {
  /** Calls at the same time, each in a child of its own. */
  readonly concurrency: number;
  readonly limits?: Partial<Limits>;
  /** A child is replaced after so many calls, or when it holds so much between two: native libraries leak. */
  readonly recycle?: { readonly calls?: number; readonly memoryBytes?: number };
  /** How many stay, however long nobody calls. */
  readonly keep?: number;
  /** How long any other waits for a call before it ends. */
  readonly idleMs?: number;
}

export interface CallOptions {
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CallProgress) => void;
}

/**
 * Calls functions of our own in a child: `createChildCaller<typeof handlers>({ program, concurrency: 2 })`. What they are given to
 * read may be hostile, so a crash, a loop or a full memory ends the child alone. An AppError arrives as it was thrown.
 */
export const createChildCaller = <H extends CallHandlers>(options: CallerOptions) => {
  const callerLimits = { ...defaultLimits, ...options.limits };
  const { calls: mostCalls = 200, memoryBytes: mostMemory = 512 * 2 ** 20 } = options.recycle ?? {};
  const idle: { child: AnsweringChild; calls: number; retire?: NodeJS.Timeout }[] = [];
  const busy = new Set<AnsweringChild>();
  const { keep = 0 } = options;
  const slots = createSlots(options.concurrency);
  const closing = new AbortController();

  const startEntry = async () => {
    const execArgv = [...(options.execArgv ?? []), heapFlag(callerLimits.memoryBytes)];
    const env = { ...compileCache(), ...options.env };
    return { child: createAnsweringChild(await startChild({ ...options, execArgv, env }, closing.signal)), calls: 0 };
  };
  const take = async () => {
    for (let entry = idle.pop(); entry; entry = idle.pop()) {
      clearTimeout(entry.retire);
      if (entry.child.isRunning()) return entry;
    }
    return startEntry();
  };
  const giveBack = ({ child, calls }: { child: AnsweringChild; calls: number }) => {
    if (!child.isRunning()) return;
    if (closing.signal.aborted || calls >= mostCalls || child.memoryBytes() > mostMemory) {
      void child.end();
      return;
    }
    const entry: (typeof idle)[number] = { child, calls };
    if (idle.length >= keep)
      entry.retire = setTimeout(() => {
        idle.splice(idle.indexOf(entry), 1);
        void child.end();
      }, options.idleMs ?? 60_000).unref();
    idle.push(entry);
  };

  const ask = async (call: string, input: unknown, { limits, signal, onProgress }: CallOptions): Promise<unknown> => {
    if (closing.signal.aborted) throw stopping();
    const { child, calls } = await take();
    if (closing.signal.aborted) {
      await child.end();
      throw stopping();
    }
    busy.add(child);
    try {
      return await child.ask({ call, input, limits: { ...callerLimits, ...limits }, signal, onProgress });
    } finally {
      busy.delete(child);
      giveBack({ child, calls: calls + 1 });
    }
  };

  return {
    /** Starts those that are kept, so that the first to ask finds one; a start that fails is said to whoever calls. */
    warm: (): void => {
      for (let i = idle.length; i < keep; i++)
        void startEntry()
          .then(giveBack)
          .catch(() => {});
    },
    call: <N extends keyof H & string>(call: N, input: Parameters<H[N]>[0], options: CallOptions = {}) =>
      slots.use(() => ask(call, input, options), options.signal) as Promise<Awaited<ReturnType<H[N]>>>,
    close: async (): Promise<void> => {
      closing.abort();
      for (const { retire } of idle) clearTimeout(retire);
      await Promise.all([...busy, ...idle.splice(0).map(({ child }) => child)].map((child) => child.end()));
    },
  };
};
/** For code of ours, which is the same at every start; steps bring theirs, and would fill it. */
const compileCache = (): ChildProgram['env'] => {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
};
const stopping = () => new AppError('unavailable', 'The server is stopping', { reason: 'stopping' });

export type ChildCaller<H extends CallHandlers> = ReturnType<typeof createChildCaller<H>>;
