import { isDeepStrictEqual } from 'node:util';
import { AppError, type Columns, type Signature } from '@boucle/contract';
import { checkColumns } from '../check-input.ts';
import { maxLabels } from '../training-rows.ts';
import type { PackageFiles, Predictor, Task } from './approach.ts';
import { approachOf } from './approaches.ts';
import { readMlModel } from './ml-model.ts';
import { openPackageFolder, type PackageFolder } from './package-folder.ts';
import { damaged, fileLimits } from './package-file.ts';

export interface LoadedModel extends Predictor {
  readonly task: Task;
  readonly approach: string;
  /** None for a regression. */
  readonly labels: readonly string[];
  readonly inputExample: Columns;
  /** What the trainer answered to the input example. */
  readonly expectedOutput: Columns;
  /** How far its own answer may be from that, see `isExpected`. */
  readonly tolerance: number;
}

/** Reads a model package. What does not hold together is refused: failed_precondition, `damaged_package`. */
export const loadModel = async (folder: string, { threads = 1 }: { readonly threads?: number } = {}): Promise<LoadedModel> => {
  const flavor = await readMlModel(folder);
  const { task, approach, signature, config } = flavor;
  const files = await openPackageFolder(folder, flavor);
  const labels = task === 'regression' ? [] : await readLabels(files);
  const { load, tolerance } = await approachOf(flavor);
  const predictor = await load(files, { task, labels, signature, config, threads });
  try {
    if (!isDeepStrictEqual(signature, predictor.signature)) throw damaged('the signature in MLmodel does not fit the model');
    const [inputExample, inputs] = await readColumns(files, flavor.inputExample, signature.inputs);
    const [expectedOutput, outputs] = await readColumns(files, flavor.expectedOutput, signature.outputs);
    if (inputs !== outputs) throw damaged('the expected output has another number of rows than the input example');
    await files.verifyRest();
    return { ...predictor, task, approach, labels, inputExample, expectedOutput, tolerance };
  } catch (error) {
    await predictor.close();
    throw error;
  }
};

/** Before a model serves: does it answer as its trainer did? */
export const warmUp = async (model: LoadedModel): Promise<void> => {
  if (isExpected(model, await model.predict(model.inputExample))) return;
  throw new AppError(
    'failed_precondition',
    'The model does not answer its input example as its trainer did; train it again with this version',
    {
      reason: 'unexpected_output',
    },
  );
};

/** Whether an answer to the input example is that of the trainer. Numbers may be as far off as the tolerance allows, all else is equal. */
export const isExpected = ({ expectedOutput, tolerance }: Pick<LoadedModel, 'expectedOutput' | 'tolerance'>, outputs: Columns): boolean =>
  tolerance === 0 ? isDeepStrictEqual(outputs, expectedOutput) : isNear(expectedOutput, outputs, tolerance);

const isNear = (wanted: unknown, found: unknown, tolerance: number): boolean => {
  if (typeof wanted === 'number' && typeof found === 'number') return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
  if (typeof wanted !== 'object' || typeof found !== 'object' || wanted === null || found === null) return wanted === found;
  const [left, right] = [Object.entries(wanted), found as Record<string, unknown>];
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && isNear(value, right[key], tolerance))
  );
};

const readLabels = async (files: PackageFiles): Promise<string[]> => {
  const labels = await files.json('labels', fileLimits.labels);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string' && label !== ''))
    throw damaged('the labels are not a list of texts');
  if (labels.length < 2 || labels.length > maxLabels) throw damaged(`there are ${labels.length} labels, not 2 to ${maxLabels}`);
  if (new Set(labels).size < labels.length) throw damaged('a label is there twice');
  return labels as string[];
};

const readColumns = async (files: PackageFolder, name: string, specs: Signature['inputs']): Promise<[Columns, rows: number]> => {
  const columns = (await files.jsonNamed(name, fileLimits.example)) as Columns;
  try {
    return [columns, checkColumns(specs, columns)];
  } catch (cause) {
    throw damaged(`${name}: ${cause instanceof Error ? cause.message : 'unreadable'}`, cause);
  }
};
