import { totalmem } from 'node:os';
import { AppError, type Columns, type Explanation } from '@boucle/contract';
import { createAnsweringChild, defaultLimits, startChild } from '../platform/processes/index.ts';
import { hostEnded } from './host-ended.ts';
import type { ExplainOptions, InferenceHost } from './inference-host.ts';

/** More than half the memory, weights included, and the process ends instead of the machine. */
const limits = { ...defaultLimits, memoryBytes: totalmem() / 2, messageBytes: 512 * 2 ** 20, wallMs: 10 * 60_000 };

/** What a program that holds a model is asked, and what it answers. `Facts` is what it says of the model when it opened it. */
export interface ModelCalls<Facts> {
  readonly open: (input: { folder: string }) => Facts;
  readonly predict: (input: { columns: Columns }) => Columns;
  readonly explain: (input: { columns: Columns; options: ExplainOptions }) => Explanation[];
}
export interface ChildHost<Facts> extends Required<Pick<InferenceHost, 'usage' | 'predict' | 'explain' | 'ended' | 'close'>> {
  readonly opened: Facts;
}

/** A model in a process of its own: what crashes there, leaks or does not come back takes nothing down. */
export const openChildHost = async <Facts>(
  program: Parameters<typeof startChild>[0],
  { folder, loadMs }: { folder: string; loadMs: number },
): Promise<ChildHost<Facts>> => {
  // Somebody waits for its answers, as for the server's own.
  const child = await startChild({ ...program, nice: 0 });
  const answering = createAnsweringChild(child);
  const ended = child.exited.then(() => {});

  let last: Promise<unknown> = Promise.resolve();
  /** One call after the other: the process answers one at a time. */
  const ask = <N extends keyof ModelCalls<Facts>>(
    call: N,
    input: Parameters<ModelCalls<Facts>[N]>[0],
    wallMs: number,
  ): Promise<ReturnType<ModelCalls<Facts>[N]>> => {
    const answer = last.then(
      () => answering.ask({ call, input, limits: { ...limits, wallMs } }) as Promise<ReturnType<ModelCalls<Facts>[N]>>,
    );
    last = answer.catch(() => {});
    return answer.catch((error: unknown) => {
      throw error instanceof AppError && error.reason === 'child_crashed' ? hostEnded(error.message, error) : error;
    });
  };

  let opened: Facts;
  try {
    opened = await ask('open', { folder }, loadMs);
  } catch (error) {
    await answering.end();
    throw error;
  }
  return {
    opened,
    ended,
    close: async () => {
      await answering.end();
      await ended;
    },
    usage: async () => child.group.use({ find: true }),
    predict: (columns) => ask('predict', { columns }, limits.wallMs),
    explain: (columns, options) => ask('explain', { columns, options }, limits.wallMs),
  };
};
