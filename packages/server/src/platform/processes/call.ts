import type { ErrorCode } from '@boucle/contract';

/** What parent and child say to each other in a call: one at a time on a channel. */
export interface Call {
  readonly call: string;
  readonly input: unknown;
}

export interface CallProgress {
  readonly done: number;
  readonly total?: number | undefined;
}

export type CallReply =
  | { readonly progress: CallProgress }
  | { readonly answer: unknown }
  /** An AppError, as it was thrown. */
  | {
      readonly failure: {
        readonly code: ErrorCode;
        readonly reason?: string | undefined;
        readonly details: Readonly<Record<string, unknown>>;
        readonly message: string;
      };
    }
  /** Anything else that was thrown: a bug. */
  | { readonly fault: { readonly message: string; readonly stack?: string | undefined } };

export interface CallContext {
  readonly progress: (done: number, total?: number) => void;
}

/** What a child answers, by name. Inputs and answers are JSON. */
export type CallHandlers = Readonly<Record<string, (input: never, context: CallContext) => unknown>>;
