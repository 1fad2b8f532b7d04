import { isDeepStrictEqual } from 'node:util';
import { AppError, type Columns, type Signature } from '@boucle/contract';
import { checkColumns } from '../check-input.ts';
import { createTextClassifier, type TextClassifier, maxTermsFor, vectorsFor } from '../text-classifier.ts';
import { createVocabulary, type Vocabulary } from '../text/vocabulary.ts';
import { maxLabels } from '../training-rows.ts';
import { type BoucleFlavor, readMlModel } from './ml-model.ts';
import { damaged, fileLimits, readPackageFile, readPackageJson, readPackageText } from './package-file.ts';
import { columnPredictor, textSignature } from './text-columns.ts';
import { readWeights } from './weights-file.ts';

export interface LoadedModel {
  readonly task: 'text-classification';
  readonly approach: string;
  readonly labels: readonly string[];
  readonly signature: Signature;
  readonly inputExample: Columns;
  /** What the trainer answered to the input example. */
  readonly expectedOutput: Columns;
  /** Invalid columns throw an AppError that names them. */
  readonly predict: (columns: Columns) => Columns;
}

/** Reads a model package. What does not hold together is refused: failed_precondition, `damaged_package`. */
export const loadModel = async (folder: string): Promise<LoadedModel> => {
  const flavor = await readMlModel(folder);
  const labels = await readLabels(folder, flavor);
  const signature = textSignature(labels);
  if (!isDeepStrictEqual(flavor.signature, signature)) throw damaged('the signature in MLmodel does not fit the labels');
  const classifier = await readClassifier(folder, flavor, labels);
  const [inputExample, inputs] = await readColumns(folder, flavor.inputExample, signature.inputs);
  const [expectedOutput, outputs] = await readColumns(folder, flavor.expectedOutput, signature.outputs);
  if (inputs !== outputs) throw damaged('the expected output has another number of rows than the input example');
  return {
    task: flavor.task,
    approach: flavor.approach,
    labels,
    signature,
    inputExample,
    expectedOutput,
    predict: columnPredictor(classifier),
  };
};

/** Before a model serves: does it answer as its trainer did, to the bit? */
export const warmUp = (model: LoadedModel): void => {
  if (isDeepStrictEqual(model.predict(model.inputExample), model.expectedOutput)) return;
  throw new AppError(
    'failed_precondition',
    'The model does not answer its input example as its trainer did; train it again with this version',
    {
      reason: 'unexpected_output',
    },
  );
};

const readLabels = async (folder: string, { data }: BoucleFlavor): Promise<string[]> => {
  const labels = await readPackageJson(folder, data.labels, fileLimits.labels);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string' && label !== ''))
    throw damaged('the labels are not a list of texts');
  if (labels.length < 2 || labels.length > maxLabels) throw damaged(`there are ${labels.length} labels, not 2 to ${maxLabels}`);
  if (new Set(labels).size < labels.length) throw damaged('a label is there twice');
  return labels as string[];
};

const readClassifier = async (folder: string, { data, sublinearTf }: BoucleFlavor, labels: readonly string[]): Promise<TextClassifier> => {
  const vocabulary = await readVocabulary(folder, data.vocabulary, maxTermsFor(labels.length));
  const bytes = await readPackageFile(folder, data.weights, fileLimits.weights);
  const weights = readWeights(bytes, { vectors: vectorsFor(labels.length), columns: vocabulary.terms.length });
  return createTextClassifier({ labels, vocabulary, sublinearTf, ...weights });
};

const readVocabulary = async (folder: string, name: string, limit: number): Promise<Vocabulary> => {
  const text = await readPackageText(folder, name, fileLimits.vocabulary);
  if (!text.endsWith('\n')) throw damaged(`${name} ends in the middle`);
  // One more than allowed is enough to know, and a split of all could fill the memory.
  const terms = text.slice(0, -1).split('\n', limit + 1);
  if (terms.length > limit) throw damaged(`${name} has more than ${limit} terms`);
  try {
    return createVocabulary(terms);
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : name, cause);
  }
};

const readColumns = async (folder: string, name: string, specs: Signature['inputs']): Promise<[Columns, rows: number]> => {
  const columns = (await readPackageJson(folder, name, fileLimits.example)) as Columns;
  try {
    return [columns, checkColumns(specs, columns)];
  } catch (cause) {
    throw damaged(`${name}: ${cause instanceof Error ? cause.message : 'unreadable'}`, cause);
  }
};
