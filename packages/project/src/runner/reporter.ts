import type { StepHooks } from './attempt.ts';
import type { FromChild, LoggedMetric } from './child-messages.ts';

const intervalMs = 100;
const mostMetrics = 1000;

/** Gathers what a step reports, and sends it ten times a second at most: a step may count every row. */
export const createReporter = (
  send: (message: FromChild) => void,
): Required<Pick<StepHooks, 'onProgress' | 'onMetric'>> & { readonly flush: () => void } => {
  let progress: { done: number; total?: number } | undefined;
  let metrics: LoggedMetric[] = [];
  let sentAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    sentAt = performance.now();
    if (progress) send({ progress });
    if (metrics.length > 0) send({ metrics });
    progress = undefined;
    metrics = [];
  };
  const soon = (): void => {
    // A step that never pauses runs no timer; hence the look at the clock.
    if (performance.now() - sentAt >= intervalMs || metrics.length >= mostMetrics) flush();
    else timer ??= setTimeout(flush, intervalMs).unref();
  };
  return {
    onProgress: (done, total) => {
      progress = { done, ...(total !== undefined && { total }) };
      soon();
    },
    onMetric: (name, value, step) => {
      metrics.push({ name, value, ...(step !== undefined && { step }), time: Date.now() });
      soon();
    },
    flush,
  };
};
