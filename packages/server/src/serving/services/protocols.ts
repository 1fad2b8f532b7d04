import { AppError, type Columns, type TensorSpec } from '@boucle/contract';
import type { Service } from '@boucle/models';

/** A column as it is said to a service. */
export interface Port {
  readonly spec: TensorSpec;
  /** What the service calls the type; ours knows fewer. */
  readonly datatype: string;
}
export interface ServicePorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}
/** How a service is spoken to: two protocols, one shape. */
export interface Protocol {
  /** Answers 200 once the model answers. */
  readonly readyPath: string;
  readonly askPath: string;
  /** Where it tells what it takes and gives, if it does. */
  readonly metadataPath?: string;
  readonly bodyOf: (inputs: readonly Port[], columns: Columns, rows: number) => unknown;
  readonly columnsIn: (answer: unknown) => Columns;
}

export const protocolOf = ({ protocol, model }: Service): Protocol => (protocol === 'oip' ? openInference(model) : scoring);

const openInference = (model: string): Protocol => ({
  readyPath: '/v2/health/ready',
  askPath: `/v2/models/${model}/infer`,
  metadataPath: `/v2/models/${model}`,
  bodyOf: (inputs, columns, rows) => ({
    inputs: inputs.map(({ spec, datatype }) => {
      const values = columns[spec.name]!;
      const axes = spec.shape.length;
      const shape = [rows, ...lengthsOf(values[0], axes - 1)];
      const data = axes === 1 ? values : values.flat(axes - 1);
      if (data.length !== shape.reduce((product, length) => product * length, 1)) throw ragged(spec.name);
      return { name: spec.name, shape, datatype, data };
    }),
  }),
  columnsIn: (answer) => {
    const outputs = isRecord(answer) ? answer['outputs'] : undefined;
    if (!Array.isArray(outputs)) throw odd('has no list "outputs"');
    return Object.fromEntries(outputs.map(tensorIn));
  },
});

const scoring: Protocol = {
  readyPath: '/ping',
  askPath: '/invocations',
  bodyOf: (inputs, columns, rows) => {
    const names = inputs.map(({ spec }) => spec.name);
    if (inputs.length === 1 && names[0] === 'input') return { inputs: columns['input'] };
    // A frame holds no tensors.
    if (inputs.some(({ spec }) => spec.shape.length > 1)) return { inputs: columns };
    return {
      dataframe_split: { columns: names, data: Array.from({ length: rows }, (_, row) => names.map((name) => columns[name]![row])) },
    };
  },
  columnsIn: (answer) => {
    const predictions = isRecord(answer) ? answer['predictions'] : undefined;
    if (isRecord(predictions)) return predictions as Columns;
    if (!Array.isArray(predictions)) throw odd('has no "predictions"');
    if (!isRecord(predictions[0])) return { prediction: predictions };
    const names = Object.keys(predictions[0]);
    return Object.fromEntries(names.map((name) => [name, predictions.map((row: unknown) => (isRecord(row) ? row[name] : undefined))]));
  },
};

/** What a service of the Open Inference Protocol says of its model; undefined where it leaves that empty. */
export const portsIn = (metadata: unknown): ServicePorts | undefined => {
  const { inputs, outputs } = isRecord(metadata) ? metadata : {};
  if (!Array.isArray(inputs) || !Array.isArray(outputs) || inputs.length === 0 || outputs.length === 0) return undefined;
  return { inputs: inputs.map(portIn), outputs: outputs.map(portIn) };
};
const portIn = (tensor: unknown): Port => {
  const { name, datatype, shape } = isRecord(tensor) ? tensor : {};
  if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(shape) || !shape.every(Number.isSafeInteger))
    throw odd('describes its model by something else than names, datatypes and shapes');
  const ours = /^U?INT(8|16|32|64)$/.test(datatype) ? 'INT64' : datatype === 'FP16' ? 'FP32' : known.find((one) => one === datatype);
  if (!ours || shape.length === 0) throw odd(`has ${name.slice(0, 100)} of datatype ${datatype.slice(0, 20)}, which has no rows here`);
  return { datatype, spec: { name, datatype: ours, shape: shape as number[] } };
};
const known = ['BOOL', 'FP32', 'FP64', 'BYTES'] as const;

const tensorIn = (tensor: unknown): [string, readonly unknown[]] => {
  const { name, shape, data } = isRecord(tensor) ? tensor : {};
  if (typeof name !== 'string' || !Array.isArray(shape) || !shape.every(Number.isSafeInteger) || !Array.isArray(data))
    throw odd('has an output without a name, shape and data');
  const flat: unknown[] = Array.isArray(data[0]) ? data.flat(Infinity) : data;
  if (flat.length !== (shape as number[]).reduce((product, length) => product * length, 1))
    throw odd(`has other data in ${name.slice(0, 100)} than its shape says`);
  return [name, nest(flat, shape as number[])];
};
const nest = (flat: readonly unknown[], [rows = 0, ...rest]: readonly number[]): unknown[] => {
  if (rest.length === 0) return [...flat];
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: rows }, (_, row) => nest(flat.slice(row * size, (row + 1) * size), rest));
};
const lengthsOf = (value: unknown, axes: number): number[] =>
  axes === 0 ? [] : [(value as unknown[]).length, ...lengthsOf((value as unknown[])[0] ?? [], axes - 1)];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const odd = (what: string): AppError => new AppError('internal', `The answer of the model’s service ${what}`, { reason: 'wrong_outputs' });
const ragged = (column: string): AppError =>
  new AppError(
    'invalid_request',
    `The rows of ${JSON.stringify(column.slice(0, 100))} do not all have one shape: send them one at a time`,
    {
      reason: 'wrong_shape',
      details: { column: column.slice(0, 100) },
    },
  );
