import { lstatSync } from 'node:fs';
import path from 'node:path';
import { AppError, type Signature, type TensorSpec } from '@boucle/contract';
import { checkInput } from '../check-input.ts';
import { elementTypes, type ElementType, type TensorData } from '../onnx/model.ts';
import { type OnnxValue, readOnnxInterface } from '../onnx/onnx-interface.ts';
import { requireNeighbour } from '../onnx/read-onnx.ts';
import { createSession } from '../onnx/run.ts';
import type { Predictor } from '../package/approach.ts';
import { damaged, statPackageFile } from '../package/package-file.ts';
import { unservable } from './unservable.ts';

/** An ONNX model that we did not train. What it takes and gives is said by the model itself; its first axis is that of the rows. */
export const loadOnnx = async (folder: string, name: string, { threads }: { readonly threads: number }): Promise<Predictor> => {
  await statPackageFile(folder, name);
  const file = path.join(folder, name);
  const { inputs, outputs, weightFiles } = readOnnxInterface(file);
  for (const beside of weightFiles) {
    requireNeighbour(beside);
    // The runtime would follow a link.
    if (!lstatSync(path.join(folder, beside), { throwIfNoEntry: false })?.isFile())
      throw damaged(`${name} has weights in ${beside}, which is not there`);
  }
  const [taken, given] = [inputs.map(portOf), outputs.map(portOf)];
  if (taken.length === 0) throw unservable('The ONNX model has no inputs, so there are no rows to predict');
  const signature: Signature = { inputs: taken.map(({ spec }) => spec), outputs: given.map(({ spec }) => spec) };
  const session = await createSession(file, { threads });
  return {
    signature,
    close: session.close,
    predict: async (columns) => {
      const rows = checkInput(signature, columns);
      const feeds = Object.fromEntries(taken.map((port) => [port.spec.name, tensorOf(port, columns[port.spec.name]!, rows)]));
      const answered = await session.run(feeds);
      return Object.fromEntries(given.map((port) => [port.spec.name, rowsOf(answered[port.spec.name])]));
    },
  };
};

interface Port {
  readonly spec: TensorSpec;
  readonly type: keyof typeof readers;
}
const portOf = ({ name, type: number, shape }: OnnxValue): Port => {
  const said = JSON.stringify(name.slice(0, 100));
  if (number === undefined) {
    throw unservable(
      `${said} of the ONNX model is no tensor but a list or a map: convert the model without it (in skl2onnx: options={'zipmap': False})`,
    );
  }
  const type = typeNames.get(number);
  if (type === undefined || !isReadable(type))
    throw unservable(
      `${said} of the ONNX model is a tensor of ${type ?? `type ${number}`}, which JSON does not carry: add a Cast to float`,
    );
  if (!shape) throw unservable(`${said} of the ONNX model has no shape: say one when it is exported, its first axis for the rows`);
  if (shape.length === 0) throw unservable(`${said} of the ONNX model is a single value: export it with a first axis for the rows`);
  return {
    type,
    spec: { name, datatype: readers[type].datatype, shape: shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : -1)) },
  };
};
const typeNames = new Map(Object.entries(elementTypes).map(([name, number]) => [number as number, name as ElementType]));

/** How values of JSON become a tensor of each type, in range. */
const readers = {
  float32: { datatype: 'FP32', from: (values: readonly unknown[]) => Float32Array.from(values as number[]) },
  float64: { datatype: 'FP64', from: (values: readonly unknown[]) => Float64Array.from(values as number[]) },
  int64: { datatype: 'INT64', from: (values: readonly unknown[]) => BigInt64Array.from(values as number[], BigInt) },
  int32: { datatype: 'INT64', from: (values: readonly unknown[]) => Int32Array.from(inRange(values, -(2 ** 31), 2 ** 31 - 1)) },
  int16: { datatype: 'INT64', from: (values: readonly unknown[]) => Int16Array.from(inRange(values, -(2 ** 15), 2 ** 15 - 1)) },
  int8: { datatype: 'INT64', from: (values: readonly unknown[]) => Int8Array.from(inRange(values, -128, 127)) },
  uint64: { datatype: 'INT64', from: (values: readonly unknown[]) => BigUint64Array.from(inRange(values, 0, 2 ** 53), BigInt) },
  uint32: { datatype: 'INT64', from: (values: readonly unknown[]) => Uint32Array.from(inRange(values, 0, 2 ** 32 - 1)) },
  uint16: { datatype: 'INT64', from: (values: readonly unknown[]) => Uint16Array.from(inRange(values, 0, 2 ** 16 - 1)) },
  uint8: { datatype: 'INT64', from: (values: readonly unknown[]) => Uint8Array.from(inRange(values, 0, 255)) },
  bool: { datatype: 'BOOL', from: (values: readonly unknown[]) => Uint8Array.from(values as boolean[], Number) },
  string: { datatype: 'BYTES', from: (values: readonly unknown[]) => values as readonly string[] },
} as const satisfies Partial<
  Record<ElementType, { datatype: TensorSpec['datatype']; from: (values: readonly unknown[]) => TensorData['data'] }>
>;
const isReadable = (type: ElementType): type is keyof typeof readers => Object.hasOwn(readers, type);

const inRange = (values: readonly unknown[], least: number, most: number): number[] => {
  const odd = (values as number[]).find((value) => value < least || value > most);
  if (odd === undefined) return values as number[];
  throw new AppError('invalid_request', `${odd} is not from ${least} to ${most}, as the model’s type of numbers is`, {
    reason: 'out_of_range',
  });
};

const tensorOf = ({ type, spec }: Port, values: readonly unknown[], rows: number): TensorData => {
  const shape = [rows, ...lengthsOf(values[0], spec.shape.length - 1)];
  const flat = shape.length === 1 ? values : values.flat(shape.length - 1);
  if (flat.length !== shape.reduce((product, length) => product * length, 1)) {
    throw new AppError(
      'invalid_request',
      `The rows of ${JSON.stringify(spec.name.slice(0, 100))} do not all have one shape: send them one at a time`,
      {
        reason: 'wrong_shape',
        details: { column: spec.name.slice(0, 100) },
      },
    );
  }
  return { type, shape, data: readers[type].from(flat) };
};
const lengthsOf = (value: unknown, axes: number): number[] =>
  axes === 0 ? [] : [(value as unknown[]).length, ...lengthsOf((value as unknown[])[0] ?? [], axes - 1)];

/** Row by row; a number that JSON does not know is null. */
const rowsOf = (tensor: TensorData | undefined): unknown[] => {
  if (!tensor) throw new AppError('internal', 'The model left an output out', { reason: 'model_failed' });
  const { shape, data, type } = tensor;
  const values = Array.from(data as ArrayLike<number | bigint | string>, (value) => plainOf(value, type));
  return nest(values, shape);
};
const plainOf = (value: number | bigint | string, type: ElementType): unknown => {
  if (typeof value === 'bigint') return Number(value);
  if (type === 'bool') return Boolean(value);
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
};
const nest = (values: unknown[], [rows = 1, ...rest]: readonly number[]): unknown[] => {
  if (rest.length === 0) return values;
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: rows }, (_, row) => nest(values.slice(row * size, (row + 1) * size), rest));
};
