import { mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { childProgram } from '@boucle/project/runner';
import { type Limits, createProcessPool, createSlots, defaultLimits, readLog } from '../../platform/processes/index.ts';
import type { Blobs } from '../../platform/blobs/index.ts';
import { type AttemptEnd, type AttemptHooks, type AttemptSpec, noResources } from '../ports.ts';
import { whyStopped, carryOutAttempt } from './attempt.ts';
import type { AttemptState, Executor } from './executor.ts';

export interface LocalExecutorOptions {
  /** Holds `attempts` (removed one by one, and all at the next start) and `logs` (kept). */
  readonly folder: string;
  readonly blobs: Blobs;
  /** Attempts at once; one for each core unless told. */
  readonly slots?: number;
  /** Children kept warm. */
  readonly idle?: number;
  readonly limits?: Partial<Limits>;
  /** Between two looks at what a step's processes use; none where nothing is said. */
  readonly lookMs?: number;
}

interface Known {
  state: AttemptState;
  readonly cancel: AbortController;
  readonly end: Promise<AttemptEnd>;
}

/** Carries attempts out in child processes of this one. They end with it, so after a restart none is under way. */
export const createLocalExecutor = async (options: LocalExecutorOptions): Promise<Executor> => {
  const { folder, blobs, slots: most = os.availableParallelism(), idle = 1, lookMs = 0 } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const attempts = path.join(folder, 'attempts');
  const logs = path.join(folder, 'logs');
  await rm(attempts, { recursive: true, force: true });
  await mkdir(attempts, { recursive: true });
  await mkdir(logs, { recursive: true });

  const pool = createProcessPool({ program: childProgram, idle, limits, cwd: attempts });
  const slots = createSlots(most);
  const known = new Map<string, Known>();
  let isClosed = false;

  const begin = (spec: AttemptSpec, hooks: AttemptHooks): Known => {
    const { name } = spec;
    const cancel = new AbortController();
    if (isClosed) cancel.abort(stopping);
    const carryOut = async (): Promise<AttemptEnd> => {
      entry.state = 'running';
      const environment = await hooks.started();
      return carryOutAttempt({
        environment,
        spec,
        hooks,
        blobs,
        pool,
        limits,
        lookMs,
        cancelled: cancel.signal,
        folder: path.join(attempts, safe(name)),
        logFile: logFileOf(name),
      });
    };
    const end = slots.use(carryOut, cancel.signal).catch((error: unknown) => {
      // Cancelled while it waited for its turn.
      if (cancel.signal.aborted)
        return { outcome: 'failed', failure: whyStopped(cancel.signal), resources: noResources } satisfies AttemptEnd;
      throw error;
    });
    const entry: Known = { state: 'queued', cancel, end };
    known.set(name, entry);
    void end.then(
      (its) => {
        entry.state = its.outcome === 'succeeded' ? 'succeeded' : its.failure.kind === 'cancelled' ? 'cancelled' : 'failed';
        forgetOldest();
      },
      () => known.delete(name),
    );
    return entry;
  };
  const forgetOldest = () => {
    const ended = [...known].filter(([, { state }]) => state !== 'queued' && state !== 'running');
    for (const [name] of ended.slice(0, -remembered)) known.delete(name);
  };
  const logFileOf = (name: string) => path.join(logs, `${safe(name)}.log`);

  return {
    carryOut: (spec, hooks) => (known.get(spec.name) ?? begin(spec, hooks)).end,
    cancel: (name, reason) => known.get(name)?.cancel.abort(reason),
    readLog: (name, offset, limit) => readLog(logFileOf(name), offset, limit),
    warm: pool.warm,
    status: (name) => known.get(name)?.state,
    list: () => [...known].filter(([, { state }]) => state === 'queued' || state === 'running').map(([name]) => name),
    capacity: slots.count,
    close: async () => {
      isClosed = true;
      for (const { cancel } of known.values()) cancel.abort(stopping);
      await pool.close();
      await Promise.allSettled([...known.values()].map(({ end }) => end));
    },
  };
};

/** Names become files. */
const safe = (name: string): string => {
  if (!/^[\w-]+$/.test(name)) throw new TypeError(`"${name}" is no name of an attempt`);
  return name;
};

const stopping = new AppError('unavailable', 'The server stopped while the step ran', { reason: 'server_stopping' });
const remembered = 500;
