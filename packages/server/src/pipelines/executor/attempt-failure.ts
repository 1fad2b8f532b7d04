import type { Failure } from '@boucle/contract';
import type { Ended, Limits } from '../../platform/processes/index.ts';
import { memoryText } from './step-limits.ts';

/** Why an attempt that left no result ended as it did, and what to do about it. */
export const failureOf = (ended: Ended, { limits, logTail }: { limits: Limits; logTail: string }): Failure => {
  switch (ended.cause) {
    case 'cancelled':
      return cancelled(ended.detail);
    case 'timeout':
      return {
        kind: 'timeout',
        retryable: false,
        message: `The step took longer than its limit of ${seconds(limits.wallMs)}; give it more time with { timeout: '${seconds(limits.wallMs * 2)}' }`,
        reason: 'timeout',
      };
    case 'memory':
      return outOfMemory(`The step ${ended.detail}`, limits.memoryBytes);
    case 'output':
      return user(`The step ${ended.detail}, which is its limit; print less, or write to a file of an output`, 'output_limit');
    case 'crashed':
      if (/heap out of memory|Fatal process out of memory/.test(logTail)) {
        return outOfMemory('The step filled the heap of its process', limits.memoryBytes);
      }
      return isFromOutside(ended.signal)
        ? {
            kind: 'infrastructure',
            retryable: true,
            message: `The step's process was killed by ${ended.signal}, not by Boucle: by the machine when it ran out of memory, or by a person`,
            reason: 'killed',
          }
        : user(`The step's process crashed with ${ended.signal}; the last lines of its log may say why`, 'crashed');
    case 'exit':
      return user(
        `The step's process ended with exit status ${ended.exitCode} before the step was done: a step returns, it does not call process.exit`,
        'no_result',
      );
  }
};

export const cancelled = (why: string): Failure => ({
  kind: 'cancelled',
  retryable: false,
  message: `The step was cancelled: ${why}`,
  reason: 'cancelled',
});

const user = (message: string, reason: string): Failure => ({ kind: 'user', retryable: false, message, reason });

const outOfMemory = (what: string, limitBytes: number): Failure =>
  user(`${what}; hold less at once, or raise the limit with { resources: { memory: '${memoryText(limitBytes * 2)}' } }`, 'memory_limit');

/** Signals that people and kernels send; a process that is broken in itself gets others. */
const isFromOutside = (signal: NodeJS.Signals | null): boolean =>
  signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP';

const seconds = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);
