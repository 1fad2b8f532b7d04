import { AppError } from '@boucle/contract';
import { checkColumns, checkInput, isExpected } from '@boucle/models';
import type { ServedModel } from './served-model.ts';

/**
 * Before it serves: does the model, on the way that requests will go, answer its input example as its trainer did? Where that was not kept,
 * it has to answer what its signature says.
 */
export const warmUp = async ({ facts, predict }: ServedModel, deadlineMs: number): Promise<void> => {
  const { signature, inputExample, expectedOutput, tolerance } = facts;
  if (!inputExample) return;
  const rows = checkInput(signature, inputExample);
  const outputs = await predict({ columns: inputExample, rows, bytes: 0, deadlineMs });
  if (!expectedOutput) return void checkColumns(signature.outputs, outputs);
  if (isExpected({ expectedOutput, tolerance }, outputs)) return;
  throw new AppError('failed_precondition', 'It does not answer its input example as its trainer did: train it again with this version', {
    reason: 'unexpected_output',
  });
};
