import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Columns } from '@boucle/contract';
import type { TextClassifier, TextClassifierParts } from '../text-classifier.ts';
import { mlModelText } from './ml-model.ts';
import { fileLimits } from './package-file.ts';
import { columnPredictor, textSignature } from './text-columns.ts';
import { weightsBytes } from './weights-file.ts';

interface TextPackage {
  parts: TextClassifierParts;
  classifier: TextClassifier;
  inputExample: Columns;
  requirements?: readonly string[];
}

/** Writes a model package. `MLmodel` comes last: a folder without it is no package, so a half-written one is never loaded. */
export const saveTextPackage = async (
  folder: string,
  { parts, classifier, inputExample, requirements = ['node >=24'] }: TextPackage,
): Promise<void> => {
  const mlModel = mlModelText({
    format: 'boucle.model/1',
    task: 'text-classification',
    approach: 'logistic-regression',
    data: { labels: 'labels.json', vocabulary: 'vocabulary.txt', weights: 'weights.bin' },
    sublinearTf: parts.sublinearTf,
    signature: textSignature(parts.labels),
    inputExample: 'input_example.json',
    expectedOutput: 'expected_output.json',
    requirements,
  });
  const files: [name: string, content: string | Buffer, limit: number][] = [
    ['labels.json', jsonText(parts.labels), fileLimits.labels],
    ['vocabulary.txt', `${parts.vocabulary.terms.join('\n')}\n`, fileLimits.vocabulary],
    ['weights.bin', weightsBytes(parts), fileLimits.weights],
    ['input_example.json', jsonText(inputExample), fileLimits.example],
    ['expected_output.json', jsonText(columnPredictor(classifier)(inputExample)), fileLimits.example],
    ['MLmodel', mlModel, fileLimits.mlModel],
  ];
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new AppError('conflict', `${folder} is not empty; save the model package into a folder of its own`, {
      reason: 'folder_not_empty',
    });
  }
  for (const [name, content, limit] of files) {
    if (Buffer.byteLength(content) > limit) {
      throw new AppError('too_large', `${name} would have more than ${limit} bytes; lower maxFeatures, or give a smaller input example`, {
        reason: 'package_too_large',
      });
    }
    await writeFile(join(folder, name), content);
  }
};

const jsonText = (value: unknown): string => `${JSON.stringify(value)}\n`;
