import type { Signature, TensorSpec } from '@boucle/contract';
import { isKnownApproach, isTask, type Task } from './approach.ts';
import type { onnxFlavor } from './onnx-flavor.ts';
import { damaged, fileLimits, jsonOf, readPackageText } from './package-file.ts';

/** What Boucle keeps in `MLmodel`, beside what MLflow wants there. */
export interface BoucleFlavor {
  readonly format: 'boucle.model/1';
  readonly task: Task;
  readonly approach: string;
  /** File names by role: `labels`, unless it is a regression, and what the approach reads. */
  readonly data: Readonly<Record<string, string>>;
  /** What the approach has to know beside its files. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly signature: Signature;
  readonly inputExample: string;
  readonly expectedOutput: string;
  readonly requirements: readonly string[];
  /** The file of digests. The first packages had none. */
  readonly digests?: string;
}

/**
 * The text of `MLmodel`. JSON is YAML, so that MLflow reads it, and we read it back without a YAML reader of our own.
 * It knows no run and no time: the same model is the same bytes, and the folder's digest is the package's.
 */
export const mlModelText = (flavor: BoucleFlavor, onnx?: ReturnType<typeof onnxFlavor>): string => {
  const content = onnx
    ? // What MLflow loads are numbers in and out: neither our signature nor the example would fit it.
      { flavors: { ...onnx.flavors, boucle: flavor }, signature: onnx.signature }
    : {
        flavors: { boucle: flavor },
        saved_input_example_info: { artifact_path: flavor.inputExample, type: 'json_object' },
        signature: {
          inputs: JSON.stringify(flavor.signature.inputs.map(mlflowColumn)),
          outputs: JSON.stringify(flavor.signature.outputs.map(mlflowColumn)),
        },
      };
  return `${JSON.stringify(content, null, 2)}\n`;
};

const mlflowTypes = { BOOL: 'boolean', INT64: 'long', FP32: 'float', FP64: 'double', BYTES: 'string' } as const;
const mlflowColumn = ({ name, datatype, shape }: TensorSpec) => {
  const type = shape.slice(1).reduceRight<object>((items) => ({ type: 'array', items }), { type: mlflowTypes[datatype] });
  return { ...type, name, required: true };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isFileNames = (value: unknown): value is Record<string, string> => isRecord(value) && Object.values(value).every(isText);

const isSpecs = (value: unknown): value is TensorSpec[] =>
  Array.isArray(value) &&
  value.every(
    (spec) =>
      isRecord(spec) &&
      isText(spec['name']) &&
      isText(spec['datatype']) &&
      Object.hasOwn(mlflowTypes, spec['datatype']) &&
      Array.isArray(spec['shape']) &&
      spec['shape'].every(Number.isSafeInteger),
  );

/** Whether it brings native code into the process that loads it: the runtime of ONNX, which reads the file of this role. */
export const isNative = ({ data }: BoucleFlavor): boolean => Object.hasOwn(data, 'model');

/** Reads `MLmodel` alone and holds it against the format: what a registry wants to know, without the weights. */
export const readMlModel = async (folder: string): Promise<BoucleFlavor> => {
  const content = jsonOf('MLmodel', await readPackageText(folder, 'MLmodel', fileLimits.mlModel));
  const flavor = isRecord(content) && isRecord(content['flavors']) ? content['flavors']['boucle'] : undefined;
  if (!isRecord(flavor)) throw damaged('MLmodel has no flavor called boucle');
  const { format, task, approach, data, signature, inputExample, expectedOutput, requirements, digests } = flavor;
  if (format !== 'boucle.model/1') throw damaged(`MLmodel says the format is ${JSON.stringify(format)?.slice(0, 100)}, not boucle.model/1`);
  if (!isTask(task) || !isText(approach) || !isKnownApproach(task, approach))
    throw damaged('MLmodel names a task or approach that is not known here');
  if (!isFileNames(data)) throw damaged('MLmodel does not name its data');
  if ((data['labels'] === undefined) !== (task === 'regression'))
    throw damaged('MLmodel has labels for a regression, or none for a classification');
  const config = configOf(flavor);
  if (!isRecord(config) || !isText(inputExample) || !isText(expectedOutput)) throw damaged('MLmodel lacks a field');
  if (!Array.isArray(requirements) || !requirements.every(isText)) throw damaged('MLmodel has no list of requirements');
  if (digests !== undefined && !isText(digests)) throw damaged('MLmodel does not name its digests');
  if (!isRecord(signature) || !isSpecs(signature['inputs']) || !isSpecs(signature['outputs']))
    throw damaged('MLmodel has no valid signature');
  return {
    format,
    task,
    approach,
    data,
    config,
    signature: { inputs: signature['inputs'], outputs: signature['outputs'] },
    inputExample,
    expectedOutput,
    requirements,
    ...(digests !== undefined && { digests }),
  };
};

/** The first packages had one approach, and its one setting beside everything else. */
const configOf = ({ config, sublinearTf }: Record<string, unknown>): unknown =>
  config ?? (sublinearTf === undefined ? undefined : { sublinearTf });
