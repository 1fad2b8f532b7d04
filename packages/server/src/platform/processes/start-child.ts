import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { AppError } from '@boucle/contract';
import { type Child, type ChildProgram, spawnChild } from './spawn-child.ts';

/** A child that has said `{ ready: true }`. Once nobody wants it any more, `unwanted`, it is not waited for. */
export const startChild = async (program: ChildProgram, unwanted?: AbortSignal): Promise<Child> => {
  const child = spawnChild(program);
  const timeout = new AbortController();
  const end = () => void child.group.end(0);
  unwanted?.addEventListener('abort', end);
  const first = await Promise.race([
    child.channel.messages.next().catch(() => undefined),
    sleep(startMs, 'late' as const, { signal: timeout.signal, ref: false }),
  ]);
  timeout.abort();
  unwanted?.removeEventListener('abort', end);
  if (first !== 'late' && first && !first.done && isReady(first.value)) return child;

  await child.group.end(0);
  const said = (await text(child.stderr).catch(() => '')).trim().slice(-2000);
  const what = first === 'late' ? `was not ready within ${startMs / 1000} s` : 'ended before it was ready';
  throw new AppError('unavailable', `The program ${String(program.program)} ${what}${said && `: ${said}`}`, {
    reason: 'child_not_started',
  });
};

const isReady = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;

const startMs = 30_000;
