import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@boucle/contract';
import { checkInput } from '@boucle/models';
import type { ServedModel } from './served-model.ts';

/** Before it serves: does the model, on the way that requests will go, answer its input example as its trainer did, to the bit? */
export const warmUp = async ({ facts, predict }: ServedModel, deadlineMs: number): Promise<void> => {
  const rows = checkInput(facts.signature, facts.inputExample);
  const outputs = await predict({ columns: facts.inputExample, rows, bytes: 0, deadlineMs });
  if (isDeepStrictEqual(outputs, facts.expectedOutput)) return;
  throw new AppError('failed_precondition', 'It does not answer its input example as its trainer did: train it again with this version', {
    reason: 'unexpected_output',
  });
};
