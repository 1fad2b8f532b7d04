import './watch-parent.ts';
import { AppError } from '@boucle/contract';
import type { Call, CallHandlers, CallReply } from './call.ts';

/** The child's side of `createChildCaller`: `export const handlers = serveChild({ ingest: async (input: …, { progress }) => … })`. */
export const serveChild = <H extends CallHandlers>(handlers: H): H => {
  process.on('message', ({ call, input }: Call) => {
    void answer(handlers, call, input).then(reply);
  });
  process.send?.({ ready: true });
  return handlers;
};

const answer = async (handlers: CallHandlers, call: string, input: unknown): Promise<CallReply> => {
  try {
    const handler = handlers[call];
    if (!handler) throw new TypeError(`No handler is named ${call}`);
    return { answer: (await handler(input as never, { progress: createProgress() })) ?? null };
  } catch (error) {
    if (error instanceof AppError) {
      const { code, reason, details, message } = error;
      return { failure: { code, reason, details, message } };
    }
    return { fault: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) } };
  }
};

/** Ten times a second is enough for the eye. */
const createProgress = () => {
  let last = 0;
  return (done: number, total?: number): void => {
    const now = performance.now();
    if (now - last < 100 && done !== total) return;
    last = now;
    reply({ progress: { done, total } });
  };
};

const reply = (message: CallReply): void => {
  process.send?.(message);
};
