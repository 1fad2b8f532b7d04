import type { TensorSpec } from '@boucle/contract';
import { damaged, jsonOf } from '../package/package-file.ts';
import { unservable } from './unservable.ts';

/** What MLmodel says goes in and comes out; nothing where it does not say. */
export interface SaidSignature {
  readonly inputs: readonly TensorSpec[] | undefined;
  readonly outputs: readonly TensorSpec[] | undefined;
}

/** The `signature` of MLmodel: JSON in texts, of columns or of tensors. What our own cannot say is refused with why. */
export const readMlflowSignature = (signature: unknown): SaidSignature => {
  if (signature === undefined || signature === null) return { inputs: undefined, outputs: undefined };
  if (!isRecord(signature)) throw damaged('the signature in MLmodel is no object');
  return { inputs: specsOf('inputs', signature['inputs']), outputs: specsOf('outputs', signature['outputs']) };
};

/** What a single value without a name is called: MLflow's clients never say it. */
const unnamed = { inputs: 'input', outputs: 'prediction' } as const;
type Side = keyof typeof unnamed;

const specsOf = (side: Side, text: unknown): TensorSpec[] | undefined => {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string') throw damaged(`the ${side} of the signature in MLmodel are no text`);
  const listed = jsonOf(`the ${side} of the signature in MLmodel`, text);
  if (!Array.isArray(listed) || listed.length === 0 || !listed.every(isRecord))
    throw damaged(`the ${side} of the signature in MLmodel are no list of columns`);
  const specs = listed.map((one) => specOf(side, one, listed.length));
  if (new Set(specs.map(({ name }) => name)).size < specs.length) throw damaged(`the ${side} of the signature have a name twice`);
  return specs;
};

const specOf = (side: Side, said: Readonly<Record<string, unknown>>, count: number): TensorSpec => {
  const name = said['name'] ?? (count === 1 ? unnamed[side] : undefined);
  if (typeof name !== 'string' && typeof name !== 'number')
    throw unservable(`Several ${side} of the model have no name: log it with a DataFrame, whose columns have names`);
  const spec = said['type'] === 'tensor' ? tensorOf(String(name), said['tensor-spec']) : columnOf(side, String(name), said);
  return said['name'] === undefined || said['name'] === null ? { ...spec, unnamed: true } : spec;
};

const tensorOf = (name: string, spec: unknown): TensorSpec => {
  const { dtype, shape } = isRecord(spec) ? spec : {};
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(Number.isSafeInteger))
    throw damaged(`${quoted(name)} of the signature has no type and shape of a tensor`);
  const datatype = numpyTypes[dtype] ?? (/^[<>|=]?[US]\d*$/.test(dtype) ? 'BYTES' : undefined);
  if (!datatype)
    throw unservable(`${quoted(name)} is a tensor of ${dtype.slice(0, 100)}, which cannot be sent as JSON: log it as numbers or texts`);
  if (shape.length === 0) throw unservable(`${quoted(name)} is a single value, no row for each prediction: give it a first axis of rows`);
  return { name, datatype, shape: shape as number[], ...(isFloat(datatype) && { nullable: true }) };
};
const numpyTypes: Readonly<Record<string, TensorSpec['datatype']>> = {
  bool: 'BOOL',
  ...Object.fromEntries(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'].map((type) => [type, 'INT64' as const])),
  float16: 'FP32',
  float32: 'FP32',
  float64: 'FP64',
  object: 'BYTES',
  str: 'BYTES',
};

const columnOf = (side: Side, name: string, said: Readonly<Record<string, unknown>>): TensorSpec => {
  const { datatype, lengths } = typeOf(name, said['type'], said['items'], 0);
  const optional = said['required'] === false || said['optional'] === true;
  const nullable = optional || isFloat(datatype) || (datatype === 'BYTES' && said['type'] !== 'binary');
  return { name, datatype, shape: [-1, ...lengths], ...(nullable && { nullable }), ...(optional && side === 'inputs' && { optional }) };
};

interface Typed {
  readonly datatype: TensorSpec['datatype'];
  /** Of lists within a row. */
  readonly lengths: readonly number[];
}
const typeOf = (name: string, type: unknown, items: unknown, depth: number): Typed => {
  if (type === 'array' && isRecord(items) && depth < 8) {
    const { datatype, lengths } = typeOf(name, items['type'], items['items'], depth + 1);
    return { datatype, lengths: [-1, ...lengths] };
  }
  const datatype = typeof type === 'string' && Object.hasOwn(columnTypes, type) ? columnTypes[type] : undefined;
  if (datatype) return { datatype, lengths: [] };
  throw unservable(
    `Column ${quoted(name)} holds values of type ${String(JSON.stringify(type)).slice(0, 100)}, which have no columns of their own: ` +
      'give the model plain columns, or the value as a text of JSON',
  );
};
/** Bytes travel in base64, and times in ISO 8601, as MLflow's own scoring server takes them. */
const columnTypes: Readonly<Record<string, TensorSpec['datatype']>> = {
  boolean: 'BOOL',
  integer: 'INT64',
  long: 'INT64',
  float: 'FP32',
  double: 'FP64',
  string: 'BYTES',
  binary: 'BYTES',
  datetime: 'BYTES',
};

/** A number that is missing is NaN in Python; a whole one cannot be. */
const isFloat = (datatype: TensorSpec['datatype']): boolean => datatype === 'FP32' || datatype === 'FP64';
const quoted = (name: string): string => JSON.stringify(name.slice(0, 100));
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
