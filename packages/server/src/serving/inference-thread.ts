import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type Columns, type Explanation } from '@boucle/contract';
import { openPackage } from '@boucle/models';
import { type ExplainOptions, factsOf, type ModelFacts } from './inference-host.ts';
import { notExplainable } from './not-explainable.ts';

/** What is asked: a number to answer to, and rows; why, where there are options for that. */
export type Ask = readonly [id: number, columns: Columns, explaining?: ExplainOptions];
export type Answer = Columns | readonly Explanation[];
export interface Refusal {
  readonly message: string;
  readonly stack?: string | undefined;
  /** Of an AppError. */
  readonly refused?: Pick<AppError, 'code' | 'reason' | 'details'>;
}
/** First the facts, or why there are none; then one answer to each ask. */
export type Told =
  | { readonly facts: ModelFacts }
  | { readonly refusal: Refusal }
  | readonly [id: number, outputs: Answer]
  | readonly [id: number, outputs: undefined, refusal: Refusal];

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof AppError) {
    const { message, code, reason, details } = error;
    return { message, refused: { code, reason, details } };
  }
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
};

const port = parentPort!;
const tell = (told: Told): void => port.postMessage(told);
try {
  const model = await openPackage((workerData as { folder: string }).folder);
  const { predict, explain = notExplainable } = model;
  const answer = async ([id, columns, explaining]: Ask): Promise<void> => {
    try {
      tell([id, await (explaining ? explain(columns, explaining) : predict(columns))]);
    } catch (error) {
      tell([id, undefined, refusalOf(error)]);
    }
  };
  // One after the other, in the order asked: two at once would share the cores and both be late.
  let last = Promise.resolve();
  port.on('message', (ask: Ask) => {
    last = last.then(() => answer(ask));
  });
  tell({ facts: factsOf(model) });
} catch (error) {
  tell({ refusal: refusalOf(error) });
}
