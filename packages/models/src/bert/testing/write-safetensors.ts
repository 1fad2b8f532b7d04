import { writeFile } from 'node:fs/promises';

export interface TensorToWrite {
  readonly dtype: 'F32' | 'F16' | 'BF16' | 'I64';
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | BigInt64Array;
}

/** Writes a checkpoint for tests; `change` may spoil the header before it is written. */
export const writeSafetensors = async (
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  change: (header: Record<string, Record<string, unknown>>) => unknown = (header) => header,
): Promise<void> => {
  const header: Record<string, Record<string, unknown>> = { __metadata__: { format: 'pt' } };
  let position = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [position, (position += data.byteLength)] };
  }
  const json = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const bytes = [...tensors.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  await writeFile(path, Buffer.concat([length, json, ...bytes]));
};
