import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '@boucle/contract';
import type { LearnerSettings, Request } from './learner.ts';
import { askToStop, createSignals, waitUntilIdle } from './thread-signals.ts';

/** What a thread answers: a value, one of our errors as data, or another error. */
type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly app: { code: ErrorCode; message: string; reason: string | undefined; details: Record<string, unknown> } }
  | { readonly error: unknown }
);

/** The caller's end of a learner in a thread. */
export interface Thread {
  /** An aborted signal asks a step to stop; the call then ends with the signal's reason. */
  readonly call: (request: Request, signal?: AbortSignal) => Promise<unknown>;
  /** Ends the thread after the run at hand. A thread that is stopped within ONNX Runtime takes the process with it. */
  readonly close: () => Promise<void>;
}

/** How long the end of the process waits for a run. */
const patienceMs = 60_000;

export const startThread = (settings: LearnerSettings): Thread => {
  const signals = createSignals();
  const worker = new Worker(new URL(`./trainer-thread.${import.meta.url.split('.').pop()}`, import.meta.url), {
    workerData: { settings, signals },
    execArgv: [],
  });
  const beforeExit = (): void => {
    askToStop(signals, true);
    waitUntilIdle(signals, patienceMs);
  };
  process.on('exit', beforeExit);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let asked = 0;
  let ended: AppError | undefined;
  let isClosing = false;
  let cause: unknown;
  // Whoever forgets to close is not kept from ending; whoever waits for a step is not left alone.
  worker.unref();
  worker.on('error', (error) => (cause = error));
  const exit = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  worker.on('exit', (code) => {
    process.off('exit', beforeExit);
    ended = isClosing ? closed() : crashed(code, cause);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  });
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id)!;
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('value' in answer) resolve(answer.value);
    else reject('app' in answer ? new AppError(answer.app.code, answer.app.message, answer.app) : answer.error);
  });
  const send = (request: Request): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      waiting.set(++asked, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: asked, request });
    });

  let last: Promise<unknown> = Promise.resolve();
  const call = async (request: Request, signal?: AbortSignal): Promise<unknown> => {
    signal?.throwIfAborted();
    if (isClosing) throw closed();
    askToStop(signals, false);
    const halt = (): void => askToStop(signals, true);
    signal?.addEventListener('abort', halt, { once: true });
    const value = await send(request).finally(() => signal?.removeEventListener('abort', halt));
    if (value === 'stopped') throw isClosing ? closed() : signal?.reason;
    return value;
  };
  return {
    call: (request, signal) => {
      const next = last.catch(() => undefined).then(() => call(request, signal));
      last = next;
      return next;
    },
    close: async () => {
      isClosing = true;
      askToStop(signals, true);
      if (ended) return;
      worker.postMessage({ id: 0, request: 'end' });
      worker.ref();
      await exit;
    },
  };
};

const closed = (): AppError => new AppError('failed_precondition', 'The trainer is closed; create another', { reason: 'trainer_closed' });

const crashed = (code: number, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `The trainer's thread ended while it was at work (${cause instanceof Error ? cause.message : `exit ${code}`}): resume from a checkpoint`,
    { reason: 'trainer_ended', cause },
  );
