import type { Signature, TensorSpec } from '@boucle/contract';
import { damaged, fileLimits, readPackageJson } from './package-file.ts';

/** What Boucle keeps in `MLmodel`, beside what MLflow wants there. */
export interface BoucleFlavor {
  readonly format: 'boucle.model/1';
  readonly task: 'text-classification';
  readonly approach: 'logistic-regression';
  readonly data: { readonly labels: string; readonly vocabulary: string; readonly weights: string };
  readonly sublinearTf: boolean;
  readonly signature: Signature;
  readonly inputExample: string;
  readonly expectedOutput: string;
  readonly requirements: readonly string[];
}

/**
 * The text of `MLmodel`. JSON is YAML, so that MLflow reads it, and we read it back without a YAML reader of our own.
 * It knows no run and no time: the same model is the same bytes, and the folder's digest is the package's.
 */
export const mlModelText = (flavor: BoucleFlavor): string => {
  const content = {
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

/** Reads `MLmodel` alone and holds it against the format: what a registry wants to know, without the weights. */
export const readMlModel = async (folder: string): Promise<BoucleFlavor> => {
  const content = await readPackageJson(folder, 'MLmodel', fileLimits.mlModel);
  const flavor = isRecord(content) && isRecord(content['flavors']) ? content['flavors']['boucle'] : undefined;
  if (!isRecord(flavor)) throw damaged('MLmodel has no flavor called boucle');
  const { format, task, approach, data, sublinearTf, signature, inputExample, expectedOutput, requirements } = flavor;
  if (format !== 'boucle.model/1') throw damaged(`MLmodel says the format is ${JSON.stringify(format)?.slice(0, 100)}, not boucle.model/1`);
  if (task !== 'text-classification' || approach !== 'logistic-regression')
    throw damaged('MLmodel names a task or approach that is not known here');
  if (!isRecord(data) || !isText(data['labels']) || !isText(data['vocabulary']) || !isText(data['weights'])) {
    throw damaged('MLmodel does not name its data');
  }
  if (typeof sublinearTf !== 'boolean' || !isText(inputExample) || !isText(expectedOutput)) throw damaged('MLmodel lacks a field');
  if (!Array.isArray(requirements) || !requirements.every(isText)) throw damaged('MLmodel has no list of requirements');
  if (!isRecord(signature) || !isSpecs(signature['inputs']) || !isSpecs(signature['outputs']))
    throw damaged('MLmodel has no valid signature');
  return {
    format,
    task,
    approach,
    data: { labels: data['labels'], vocabulary: data['vocabulary'], weights: data['weights'] },
    sublinearTf,
    signature: { inputs: signature['inputs'], outputs: signature['outputs'] },
    inputExample,
    expectedOutput,
    requirements,
  };
};
