import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelFlood } from './channel.ts';
import { type Limits, inMiB } from './limits.ts';
import { startMeter } from './meter.ts';
import type { OutputLog } from './output-log.ts';
import { canMeasure } from './proc.ts';
import type { GroupUse } from './process-group.ts';
import type { Child, Exit } from './spawn-child.ts';

/** `exit`: by itself, whatever its code. `crashed`: by a signal that was not ours. */
export type Cause = 'exit' | 'timeout' | 'memory' | 'output' | 'cancelled' | 'crashed';

export interface Ended extends Exit {
  readonly cause: Cause;
  /** What happened, in words. */
  readonly detail: string;
  /** Something was still going on when the work was done: a timer, a socket, a program in the background. */
  readonly leftovers: boolean;
  /** 0 where the platform does not tell. */
  readonly peakMemoryBytes: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface Work {
  readonly pid: number;
  readonly send: (message: unknown) => void;
  /** The work is done: the child may end by itself for a moment, then it is killed. */
  readonly finish: () => void;
  readonly cancel: (reason: string) => void;
  /** What it and all it started hold and have used; undefined where the platform does not tell. */
  readonly use: () => GroupUse | undefined;
  readonly ended: Promise<Ended>;
}

interface Supervised {
  readonly limits: Limits;
  readonly log: OutputLog;
  readonly onMessage: (message: unknown, work: Work) => void | Promise<void>;
}

/** Watches over one child while it does its one piece of work, until nothing of it is left. */
export const supervise = (child: Child, { limits, log, onMessage }: Supervised): Work => {
  const { group, channel } = child;
  const startedAt = performance.now();
  let stopped: { cause: Cause; detail: string } | undefined;
  let isDone = false;
  let leftovers = false;
  let fault: unknown;

  const stop = (cause: Cause, detail: string, graceMs: number) => {
    if (!isDone) stopped ??= { cause, detail };
    if (graceMs > 0) channel.send({ cancel: detail });
    void group.end(graceMs);
  };
  const meter = startMeter(group, limits.memoryBytes, (use) =>
    stop('memory', `held ${inMiB(use.memoryBytes)} of memory, and ${inMiB(limits.memoryBytes)} is its limit`, 0),
  );
  const late = () => stop('timeout', `took longer than ${limits.wallMs / 1000} s`, limits.graceMs);
  const deadline = setTimeout(late, Math.min(limits.wallMs, longestTimer));

  void log.overflowed.then(() => stop('output', `printed more than ${inMiB(limits.outputBytes)}`, 0));

  const work: Work = {
    pid: child.pid,
    send: channel.send,
    finish: () => {
      isDone = true;
      meter.sample();
      void sleep(lingerMs).then(() => {
        if (!child.isRunning()) return;
        leftovers = true;
        void group.end(0);
      });
    },
    cancel: (reason) => stop('cancelled', reason, limits.graceMs),
    use: () => {
      const use = canMeasure ? group.use({ find: true }) : undefined;
      // Those that have just ended hold nothing; nobody wants to know that.
      return use?.memoryBytes === 0 ? undefined : use;
    },
    ended: Promise.resolve().then(() => end()),
  };

  channel.limit(limits);
  const listen = async () => {
    try {
      for await (const message of channel.messages) {
        meter.sample();
        await onMessage(message, work);
      }
    } catch (error) {
      if (!(error instanceof ChannelFlood)) fault = error;
      stop('output', error instanceof Error ? error.message : String(error), 0);
    }
  };

  const end = async (): Promise<Ended> => {
    const streams = Promise.allSettled([log.capture(child.stdout), log.capture(child.stderr), listen()]);
    const exit = await child.exited;
    clearTimeout(deadline);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    leftovers ||= !group.isGone();
    const isGone = await group.end(0);
    // All who could write are gone, so what is left in the pipes is short; a flood still waits for its turns.
    const drained = new AbortController();
    await Promise.race([streams, sleep(drainMs, undefined, { signal: drained.signal })]);
    drained.abort();
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
    channel.close();
    const use = meter.stop();
    if (leftovers && !stopped) await log.write('(something it had started was still going on at its end, and was ended)\n');
    await log.close();
    if (fault !== undefined) throw fault;
    const { cause, detail } = stopped ?? (isDone ? done : howItEnded(exit));
    return {
      ...exit,
      cause,
      detail: isGone ? detail : `${detail}; some of its processes could not be killed`,
      leftovers,
      ...use,
      wallSeconds,
    };
  };
  return work;
};

const done = { cause: 'exit', detail: 'was done' } as const;
const howItEnded = ({ exitCode, signal }: Exit): { cause: Cause; detail: string } =>
  signal ? { cause: 'crashed', detail: `was ended by ${signal}` } : { cause: 'exit', detail: `ended with exit status ${exitCode}` };

const lingerMs = 300;
const drainMs = 2000;
/** A longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;
