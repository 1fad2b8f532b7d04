import { type FileHandle, open } from 'node:fs/promises';
import { invalid } from '@boucle/contract';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats.ts';

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

/**
 * A safetensors file that is open: what its header promises, checked against its size, and the values of one tensor after another
 * as they are asked for.
 */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The values of a tensor of F32, F16 or BF16, read straight into the array that is returned. */
  readonly read: (name: string) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

const bytesOf: ReadonlyMap<string, number> = new Map(
  ['BOOL U8 I8 F8_E5M2 F8_E4M3', 'I16 U16 F16 BF16', 'I32 U32 F32', 'I64 U64 F64'].flatMap((names, i) =>
    names.split(' ').map((dtype) => [dtype, 2 ** i]),
  ),
);
/** The format's own limit. */
const maxHeader = 100_000_000;

/**
 * Opens a file in the safetensors format (huggingface/safetensors, "Format"): the length of the header in 8 bytes, little-endian, a
 * JSON object of `{ dtype, shape, data_offsets }` by name, then the data without holes.
 * @throws AppError `invalid_request`, reason `damaged_checkpoint`, for a header that does not fit its file.
 */
export const openSafetensors = async (path: string): Promise<Safetensors> => {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { header, dataStart } = await readHeader(file, { path, size });
    const tensors = checkedTensors(header, { path, dataBytes: size - dataStart });
    return { tensors, read: (name) => readTensor(file, { path, dataStart, name, tensor: tensors.get(name) }), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const damaged = (path: string, what: string) =>
  invalid(`${path} is not a sound safetensors file: ${what}; fetch it again`, 'damaged_checkpoint', { path });

const readHeader = async (
  file: FileHandle,
  { path, size }: { readonly path: string; readonly size: number },
): Promise<{ header: Record<string, unknown>; dataStart: number }> => {
  if (size < 8) throw damaged(path, `it has ${size} bytes, fewer than the length of its header takes`);
  const length = Number((await readBytes(file, { path, position: 0, into: Buffer.alloc(8) })).readBigUInt64LE());
  if (length > Math.min(maxHeader, size - 8)) {
    throw damaged(path, `its header claims ${length} bytes, and the file has ${size} (at most ${maxHeader} are allowed)`);
  }
  const bytes = await readBytes(file, { path, position: 8, into: Buffer.alloc(length) });
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return { header: header as Record<string, unknown>, dataStart: 8 + length };
    }
  } catch {
    // Said below, for JSON of another kind as well.
  }
  throw damaged(path, 'its header is not a JSON object');
};

/** Every tensor's bytes as its type and shape demand, and all of them side by side from the first byte to the last. */
const checkedTensors = (
  { __metadata__, ...header }: Record<string, unknown>,
  { path, dataBytes }: { readonly path: string; readonly dataBytes: number },
): Map<string, StoredTensor> => {
  const tensors = new Map(Object.entries(header).map(([name, entry]) => [name, checkedTensor(entry, { path, name })]));
  let position = 0;
  for (const [name, { begin, end }] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin < position) throw damaged(path, `tensor ${quoted(name)} begins at byte ${begin}, inside the one before it`);
    if (begin > position) throw damaged(path, `there are ${begin - position} bytes of no tensor before ${quoted(name)}`);
    position = end;
  }
  if (position !== dataBytes) throw damaged(path, `its header describes ${position} bytes of data, and there are ${dataBytes}`);
  return tensors;
};

const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const checkedTensor = (entry: unknown, { path, name }: { readonly path: string; readonly name: string }): StoredTensor => {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const width = bytesOf.get(String(dtype));
  if (typeof dtype !== 'string' || width === undefined) {
    throw damaged(path, `tensor ${quoted(name)} has the unknown type ${JSON.stringify(dtype)?.slice(0, 50) ?? 'undefined'}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw damaged(path, `tensor ${quoted(name)} has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw damaged(path, `tensor ${quoted(name)} has no valid data_offsets`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, dim) => product * dim, width);
  if (end - begin !== bytes) {
    throw damaged(path, `tensor ${quoted(name)}, ${dtype} [${shape.join(', ')}], takes ${bytes} bytes but has ${end - begin}`);
  }
  return { dtype, shape, begin, end };
};

/** A read asks for at most so much: the system's limit is below 2 GiB. */
const pieceBytes = 64 << 20;

const readBytes = async (
  file: FileHandle,
  { path, position, into }: { readonly path: string; readonly position: number; readonly into: Buffer },
): Promise<Buffer> => {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, Math.min(pieceBytes, into.length - done), position + done);
    if (bytesRead === 0) throw damaged(path, `it ends at byte ${position + done}, within its data`);
    done += bytesRead;
  }
  return into;
};

interface Place {
  readonly path: string;
  readonly dataStart: number;
  readonly name: string;
  readonly tensor: StoredTensor | undefined;
}

const halves: Readonly<Record<string, (bits: Uint16Array, into: Float32Array) => void>> = {
  F16: float16ToFloat32,
  BF16: bfloat16ToFloat32,
};

const readTensor = async (file: FileHandle, { path, dataStart, name, tensor }: Place): Promise<Float32Array> => {
  if (!tensor) throw damaged(path, `there is no tensor ${quoted(name)}`);
  const start = dataStart + tensor.begin;
  const bytes = tensor.end - tensor.begin;
  // Little-endian, as is every machine that Node runs on.
  if (tensor.dtype === 'F32') {
    const values = new Float32Array(bytes / 4);
    await readBytes(file, { path, position: start, into: Buffer.from(values.buffer) });
    return values;
  }
  const widen = halves[tensor.dtype];
  if (!widen) throw invalid(`Tensor ${quoted(name)} is of ${tensor.dtype}; F32, F16 and BF16 are read`, 'unsupported_type', { path, name });
  const values = new Float32Array(bytes / 2);
  const piece = new Uint16Array(Math.min(values.length, 1 << 20));
  for (let done = 0; done < values.length; done += piece.length) {
    const bits = piece.subarray(0, Math.min(piece.length, values.length - done));
    await readBytes(file, { path, position: start + 2 * done, into: Buffer.from(bits.buffer, 0, bits.byteLength) });
    widen(bits, values.subarray(done, done + bits.length));
  }
  return values;
};
