import { AppError, type Columns } from '@boucle/contract';
import { cutColumns, joinColumns } from './columns.ts';

export interface QueueLimits {
  /** Rows that may wait. A request that finds nobody waiting is taken whatever its size. */
  readonly waitingRows: number;
  /** The same in bytes. */
  readonly waitingBytes: number;
  /** Rows that are joined in one call of the model; a larger request goes alone. At 0 each does. */
  readonly batchRows: number;
}
export interface RowRequest {
  readonly columns: Columns;
  readonly rows: number;
  readonly bytes: number;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}
interface Waiting extends RowRequest {
  /** Rows of other shapes make no tensor together. */
  readonly shapes: string;
  settled: boolean;
  readonly resolve: (outputs: Columns) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * What waits together becomes one call, one at a time; each request gets back the rows of its own range.
 * A call that fails is made again for each half of its requests, down to one alone, so that one bad input fails nobody else.
 */
export const createRowQueue = (call: (columns: Columns) => Promise<Columns>, limits: QueueLimits) => {
  const waiting = new Set<Waiting>();
  let waitingRows = 0;
  let waitingBytes = 0;
  let running = false;

  const leave = (request: Waiting): void => {
    if (!waiting.delete(request)) return;
    waitingRows -= request.rows;
    waitingBytes -= request.bytes;
  };
  const nextBatch = (): Waiting[] => {
    const batch: Waiting[] = [];
    let rows = 0;
    for (const request of waiting) {
      // The first that waits is never passed over.
      if (batch.length > 0 && request.shapes !== batch[0]!.shapes) continue;
      if (batch.length > 0 && rows + request.rows > limits.batchRows) break;
      rows += request.rows;
      batch.push(request);
      leave(request);
    }
    return batch;
  };

  const answer = async (batch: readonly Waiting[]): Promise<void> => {
    const wanted = batch.filter(({ settled }) => !settled);
    if (wanted.length === 0) return;
    try {
      const outputs = await call(joinColumns(wanted.map(({ columns }) => columns)));
      refuseOtherRows(outputs, wanted);
      let from = 0;
      for (const { rows, resolve } of wanted) resolve(cutColumns(outputs, from, (from += rows)));
    } catch (reason) {
      if (wanted.length === 1 || isNotOfRows(reason)) return wanted.forEach(({ reject }) => reject(reason));
      const half = Math.ceil(wanted.length / 2);
      await answer(wanted.slice(0, half));
      await answer(wanted.slice(half));
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.size > 0) await answer(nextBatch());
    running = false;
  };

  const refuseTooMany = ({ rows, bytes }: RowRequest): void => {
    if (waiting.size === 0) return;
    if (waitingRows + rows > limits.waitingRows) throw queueFull(`${limits.waitingRows} rows`);
    if (waitingBytes + bytes > limits.waitingBytes) throw queueFull(`${limits.waitingBytes} bytes`);
  };
  const enter = (request: Waiting): void => {
    waiting.add(request);
    waitingRows += request.rows;
    waitingBytes += request.bytes;
    if (running) return;
    running = true;
    // What arrives in the same turn of the event loop shares the call.
    setImmediate(() => void run());
  };

  return {
    predict: async (request: RowRequest): Promise<Columns> => {
      const { deadlineMs, signal } = request;
      if (signal?.aborted) throw cancelled();
      refuseTooMany(request);
      const { promise, resolve, reject } = Promise.withResolvers<Columns>();
      const mine: Waiting = { ...request, shapes: shapesOf(request.columns), settled: false, resolve, reject };
      const timer = setTimeout(() => reject(deadlinePassed(deadlineMs)), deadlineMs);
      const onAbort = (): void => reject(cancelled());
      signal?.addEventListener('abort', onAbort);
      enter(mine);
      try {
        return await promise;
      } finally {
        mine.settled = true;
        leave(mine);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
};

/** Lengths within a row, by its first; most columns have none. */
const shapesOf = (columns: Columns): string =>
  Object.keys(columns)
    .filter((name) => Array.isArray(columns[name]![0]))
    .map((name) => `${JSON.stringify(name)}${lengthsOf(columns[name]![0]).join('x')}`)
    .sort()
    .join();
const lengthsOf = (value: unknown): number[] => (Array.isArray(value) ? [value.length, ...lengthsOf(value[0])] : []);

/** The model cannot be asked now, whatever the rows. One that ended may have done so by one of them. */
const isNotOfRows = (reason: unknown): boolean =>
  reason instanceof AppError && reason.code === 'unavailable' && reason.reason !== 'model_ended';

const refuseOtherRows = (outputs: Columns, batch: readonly Waiting[]): void => {
  const rows = batch.reduce((sum, request) => sum + request.rows, 0);
  for (const [name, values] of Object.entries(outputs)) {
    if (values.length !== rows) throw new Error(`The model answered ${values.length} values of ${name} to ${rows} rows`);
  }
};

const cancelled = (): AppError => new AppError('unavailable', 'The caller went away before the answer', { reason: 'cancelled' });
const queueFull = (limit: string): AppError =>
  new AppError('unavailable', `${limit} are waiting for this model, and no more may: send them again in a moment`, {
    reason: 'queue_full',
    details: { limit, retryAfterSeconds: 1 },
  });
const deadlinePassed = (ms: number): AppError =>
  new AppError('unavailable', `The answer was not there within ${ms / 1000} s: send fewer rows at a time, or allow more time`, {
    reason: 'deadline_exceeded',
    details: { deadlineMs: ms },
  });
