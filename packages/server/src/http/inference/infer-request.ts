import { type Columns, invalid, type Signature, type TensorSpec } from '@boucle/contract';

export interface InferRequest {
  readonly id: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly columns: Columns;
  /** Which outputs are wanted; all where nothing is said. */
  readonly outputs: ReadonlySet<string> | undefined;
}

/** A request of the Open Inference Protocol, JSON form, for a model of this signature. */
export const readInferRequest = (body: unknown, { inputs, outputs }: Signature): InferRequest => {
  if (!isRecord(body)) throw invalid('The body must be an object with the list "inputs"', 'bad_request_body');
  const { id, parameters } = body;
  if (id !== undefined && (typeof id !== 'string' || id.length > 1000))
    throw invalid('"id" must be a text of at most 1000 characters', 'bad_id');
  if (!Array.isArray(body['inputs'])) throw invalid('"inputs" must be a list of tensors', 'bad_request_body');
  const columns: Record<string, unknown[]> = {};
  for (const tensor of body['inputs'] as unknown[]) {
    const spec = specOf(tensor, inputs, 'input');
    if (Object.hasOwn(columns, spec.name))
      throw invalid(`Input ${quoted(spec.name)} is there twice`, 'doubled_input', { input: spec.name });
    columns[spec.name] = valuesOf(tensor as Record<string, unknown>, spec);
  }
  return { id, parameters: isRecord(parameters) ? parameters : {}, columns, outputs: wantedOf(body['outputs'], outputs) };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const quoted = (text: unknown): string =>
  JSON.stringify(typeof text === 'string' && text.length > 100 ? `${text.slice(0, 100)}…` : text) ?? 'nothing';
const namesOf = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => quoted(name)).join(', ');

const specOf = (tensor: unknown, specs: readonly TensorSpec[], what: 'input' | 'output'): TensorSpec => {
  const name = isRecord(tensor) ? tensor['name'] : undefined;
  const spec = specs.find((one) => one.name === name);
  if (!spec) throw invalid(`There is no ${what} ${quoted(name)}; the model has ${namesOf(specs)}`, `unknown_${what}`);
  return spec;
};

const wantedOf = (wanted: unknown, specs: readonly TensorSpec[]): ReadonlySet<string> | undefined => {
  if (wanted === undefined || (Array.isArray(wanted) && wanted.length === 0)) return undefined;
  if (!Array.isArray(wanted)) throw invalid('"outputs" must be a list', 'bad_request_body');
  return new Set(wanted.map((output: unknown) => specOf(output, specs, 'output').name));
};

/** The rows of one input: a value each, or nested lists where the signature has more dimensions. */
const valuesOf = ({ datatype, shape, data, parameters }: Record<string, unknown>, spec: TensorSpec): unknown[] => {
  const input = quoted(spec.name);
  const details = { input: spec.name };
  if (isRecord(parameters) && parameters['binary_data_size'] !== undefined) {
    throw invalid(
      `Input ${input} is sent in binary form; this server reads tensors as JSON (in tritonclient: binary_data=False)`,
      'binary_tensor',
      details,
    );
  }
  if (datatype !== spec.datatype)
    throw invalid(`Input ${input} has datatype ${quoted(datatype)}; the model takes ${spec.datatype}`, 'wrong_datatype', details);
  if (!isShape(shape, spec.shape)) {
    throw invalid(
      `Input ${input} has shape ${quoted(shape)}; the model takes ${quoted(spec.shape)}, where -1 is any length`,
      'wrong_shape',
      details,
    );
  }
  if (!Array.isArray(data)) throw invalid(`Input ${input} has no list "data"`, 'missing_data', details);
  const count = shape.reduce((a, b) => a * b, 1);
  const flat = Array.isArray(data[0]) ? flatten(data, shape) : data;
  if (flat?.length !== count) {
    const held = flat ? `${flat.length} values` : 'lists of other lengths';
    throw invalid(`Input ${input} has shape ${quoted(shape)}, that is ${count} values, but its data holds ${held}`, 'wrong_shape', details);
  }
  return nest(flat, shape);
};

const isShape = (shape: unknown, wanted: readonly number[]): shape is number[] =>
  Array.isArray(shape) &&
  shape.length === wanted.length &&
  shape.every((length, i) => Number.isSafeInteger(length) && length >= 0 && (wanted[i] === -1 || wanted[i] === length));

/** Undefined where the lists are not nested as the shape says. */
const flatten = (data: readonly unknown[], [length, ...rest]: readonly number[]): unknown[] | undefined => {
  if (data.length !== length) return undefined;
  if (rest.length === 0) return [...data];
  const flat: unknown[] = [];
  for (const item of data) {
    const inner = Array.isArray(item) ? flatten(item, rest) : undefined;
    if (!inner) return undefined;
    for (const value of inner) flat.push(value);
  }
  return flat;
};

const nest = (flat: readonly unknown[], [rows = 0, ...rest]: readonly number[]): unknown[] => {
  if (rest.length === 0) return [...flat];
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: rows }, (_, row) => nest(flat.slice(row * size, (row + 1) * size), rest));
};
