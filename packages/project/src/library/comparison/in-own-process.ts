import { fork } from 'node:child_process';
import { AppError } from '@boucle/contract';
import { libraryFile } from '../address.ts';

/** What a module exports under this name can be carried out elsewhere. */
export interface Measurement<Given, Result> {
  /** Of the module itself. */
  readonly url: string;
  readonly run: (given: Given) => Promise<Result>;
}

/** What is told to the child, and what it answers. */
export interface Work {
  readonly module: string;
  readonly given: unknown;
}
export type Answer = { readonly result: unknown } | { readonly failed: string };

/** Carries out a measurement in a process that has done nothing else, so that its time and memory are those of the work alone. */
export const inOwnProcess = async <Given, Result>(
  { url }: Measurement<Given, Result>,
  given: Given,
  { signal }: { readonly signal: AbortSignal },
): Promise<Result> => {
  const child = fork(libraryFile('@boucle/project/library/comparison/measuring-child'), { serialization: 'advanced', signal });
  const answer = await new Promise<Answer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Answer));
    child.once('error', reject);
    child.once('exit', (code, by) => resolve({ failed: `it ended with ${by ?? `status ${code}`}; was there memory enough?` }));
    child.send({ module: url, given } satisfies Work);
  });
  if ('result' in answer) return answer.result as Result;
  throw new AppError('failed_precondition', `What was measured failed: ${answer.failed}`, { reason: 'measurement_failed' });
};
