import { AppError } from '@boucle/contract';
import type { CallProgress, CallReply } from './call.ts';
import { captureLines } from './capture-lines.ts';
import { ChannelFlood } from './channel.ts';
import { type Limits, inMiB } from './limits.ts';
import { startMeter } from './meter.ts';
import type { Child } from './spawn-child.ts';

export interface Ask {
  readonly call: string;
  readonly input: unknown;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CallProgress) => void) | undefined;
}

/** A child that answers one call after the other. A call that fails by AppError leaves it fit for the next; a limit passed ends it. */
export const createAnsweringChild = (child: Child) => {
  const { group, channel } = child;
  const tail = keepTail(child);

  const ask = async ({ call, input, limits, signal, onProgress }: Ask): Promise<unknown> => {
    let stopped: unknown;
    let isAnswered = false;
    const stop = (why: unknown) => {
      stopped ??= why;
      void group.end(0);
    };
    const tooMuch = (reason: string, what: string) =>
      new AppError('too_large', `"${call}" ${what}, and was ended`, { reason, details: { call } });
    const meter = startMeter(group, limits.memoryBytes, () =>
      stop(tooMuch('memory_limit', `needed more than ${inMiB(limits.memoryBytes)} of memory`)),
    );
    const deadline = setTimeout(() => stop(tooMuch('time_limit', `took longer than ${limits.wallMs / 1000} s`)), limits.wallMs);
    const abort = () => stop(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      channel.limit(limits);
      channel.send({ call, input });
      for (;;) {
        const next = await channel.messages.next();
        if (next.done) {
          const crash = await howItEnded(call);
          throw stopped ?? crash;
        }
        const reply = next.value as CallReply;
        if ('progress' in reply) {
          onProgress?.(reply.progress);
          continue;
        }
        isAnswered = true;
        if ('answer' in reply) return reply.answer;
        if ('failure' in reply) throw new AppError(reply.failure.code, reply.failure.message, reply.failure);
        throw Object.assign(new Error(reply.fault.message), { stack: reply.fault.stack });
      }
    } catch (error) {
      throw error instanceof ChannelFlood ? tooMuch('output_limit', error.message) : error;
    } finally {
      // Whatever it is still busy with, the next call must not get the answer of this one.
      if (!isAnswered) await group.end(0);
      clearTimeout(deadline);
      meter.stop();
      signal?.removeEventListener('abort', abort);
    }
  };

  /** The channel closes a moment before the child is gone. */
  const howItEnded = async (call: string): Promise<AppError> => {
    const { exitCode, signal } = await child.exited;
    await group.end(0);
    return new AppError('internal', `The process that was to answer "${call}" ended by ${signal ?? `exit status ${exitCode}`}`, {
      reason: 'child_crashed',
      details: { call, exitCode, signal, said: tail() },
    });
  };

  return {
    ask,
    isRunning: child.isRunning,
    memoryBytes: () => group.use().memoryBytes,
    end: () => group.end(0),
  };
};
export type AnsweringChild = ReturnType<typeof createAnsweringChild>;

/** The last of what it printed, for the error that may need it. */
export const keepTail = ({ stdout, stderr }: Pick<Child, 'stdout' | 'stderr'>): (() => string) => {
  let tail = '';
  for (const stream of [stdout, stderr]) {
    captureLines(stream, async (text) => {
      tail = (tail + text).slice(-4000);
    }).catch(() => {}); // a killed child's pipe may end so
  }
  return () => tail;
};
