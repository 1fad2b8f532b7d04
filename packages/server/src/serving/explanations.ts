import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Columns, type Explanation, invalid, type TreeDigest } from '@boucle/contract';
import type { ExplainOptions, InferenceHost } from './inference-host.ts';

export interface ExplanationLimits {
  readonly explainedRows: number;
  /** UTF-16 code units of one explained value. */
  readonly explainedLength: number;
  /** Questions that wait for those before them. */
  readonly waitingExplanations: number;
  /** How long one question may take, the loading of its model included. */
  readonly explanationMs: number;
  /** How long a model stays for the next question. */
  readonly idleMs: number;
}
export interface ExplanationParts {
  readonly open: (digest: TreeDigest) => Promise<InferenceHost>;
  readonly limits: ExplanationLimits;
}
export interface Explaining extends ExplainOptions {
  readonly columns: Columns;
}

/**
 * Asks registered models why. One question at a time, in a host of its own: an explanation is hundreds of predictions, and those that answer
 * traffic must not wait for it. The model that was asked last stays a while.
 */
export const createExplanations = ({ open, limits }: ExplanationParts) => {
  let held: { readonly digest: TreeDigest; readonly host: Promise<InferenceHost> } | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;

  const release = async (): Promise<void> => {
    const leaving = held;
    held = undefined;
    await leaving?.host.then(
      (host) => host.close(),
      () => {},
    );
  };
  const hostOf = async (digest: TreeDigest): Promise<InferenceHost> => {
    if (held?.digest !== digest) {
      await release();
      held = { digest, host: open(digest) };
      const opened = held;
      // Whoever asks after it ended, or could not be opened, asks a new one.
      const forget = (): void => void (held === opened && (held = undefined));
      opened.host
        .then(
          (host) => host.ended,
          () => {},
        )
        .then(forget, forget);
    }
    return held!.host;
  };
  const answer = async (digest: TreeDigest, { columns, ...options }: Explaining): Promise<Explanation[]> => {
    if (isClosed) throw closing();
    clearTimeout(idle);
    const late = new AbortController();
    const tooLate = sleep(limits.explanationMs, undefined, { signal: late.signal, ref: false }).then(() => {
      void release();
      throw slow(limits.explanationMs);
    });
    try {
      return await Promise.race([hostOf(digest).then((host) => host.explain(columns, options)), tooLate]);
    } finally {
      late.abort();
      tooLate.catch(() => {});
      idle = setTimeout(() => void release(), limits.idleMs).unref();
    }
  };

  return {
    explain: async (digest: TreeDigest, asked: Explaining): Promise<Explanation[]> => {
      checkSize(asked.columns, limits);
      if (waiting >= limits.waitingExplanations) throw busy(waiting);
      waiting++;
      const answered = last.then(() => answer(digest, asked));
      last = answered.catch(() => {});
      return answered.finally(() => waiting--);
    },
    close: async (): Promise<void> => {
      isClosed = true;
      await release();
      await last;
      clearTimeout(idle);
    },
  };
};

const checkSize = (columns: Columns, { explainedRows, explainedLength }: ExplanationLimits): void => {
  for (const [column, values] of Object.entries(columns)) {
    if (values.length > explainedRows) {
      throw invalid(`${values.length} rows are too many to explain at once; ask for ${explainedRows} at most`, 'too_many_rows', { column });
    }
    const long = values.findIndex((value) => typeof value === 'string' && value.length > explainedLength);
    if (long >= 0)
      throw invalid(`Row ${long} of "${column}" is longer than ${explainedLength} characters; cut it`, 'text_too_long', {
        column,
        row: long,
      });
  }
};

const slow = (ms: number): AppError =>
  new AppError('unavailable', `The explanation took longer than ${ms / 1000} s; ask for fewer rows, fewer steps or a greater tolerance`, {
    reason: 'explanation_too_slow',
    details: { retryAfterSeconds: 1 },
  });
const busy = (waiting: number): AppError =>
  new AppError('unavailable', `${waiting} explanations are waiting already; try again in a moment`, {
    reason: 'explanations_busy',
    details: { retryAfterSeconds: 5 },
  });
const closing = (): AppError =>
  new AppError('unavailable', 'The server is closing; ask again', { reason: 'closing', details: { retryAfterSeconds: 5 } });
