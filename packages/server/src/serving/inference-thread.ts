import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type Columns } from '@boucle/contract';
import { loadModel } from '@boucle/models';
import type { ModelFacts } from './inference-host.ts';

/** What is asked: a number to answer to, and rows. */
export type Ask = readonly [id: number, columns: Columns];
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
  | readonly [id: number, outputs: Columns]
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
  const { predict, signature, labels, inputExample, expectedOutput } = await loadModel((workerData as { folder: string }).folder);
  port.on('message', ([id, columns]: Ask) => {
    try {
      tell([id, predict(columns)]);
    } catch (error) {
      tell([id, undefined, refusalOf(error)]);
    }
  });
  tell({ facts: { signature, labels, inputExample, expectedOutput } });
} catch (error) {
  tell({ refusal: refusalOf(error) });
}
