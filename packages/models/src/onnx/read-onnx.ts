import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { decodeOnnx } from './decode-onnx.ts';
import type { ReadExternal } from './decode-tensor.ts';
import type { OnnxModel } from './model.ts';
import { unreadable } from './protobuf-cursor.ts';

const mostBytes = 2 ** 31 - 1;

/** Reads a model's file, and the weights that lie beside it. What it holds in memory is bounded by the size of these files. */
export const readOnnx = (file: string): OnnxModel =>
  read(
    file,
    readBeside(path.dirname(file), (beside, offset, length) => beside.read(offset, length)),
  );

/** The same without what may be large: weights beside the model are looked for, and stay zero. Says which files they are in. */
export const inspectOnnx = (file: string): { model: OnnxModel; weightFiles: readonly string[] } => {
  const weightFiles = new Set<string>();
  const find = readBeside(path.dirname(file), (_, __, length) => new Uint8Array(length));
  const model = read(file, (place) => {
    weightFiles.add(place.location);
    return find(place);
  });
  return { model, weightFiles: [...weightFiles] };
};

const read = (file: string, readExternal: ReadExternal): OnnxModel => decodeOnnx(readPlainFile(file), readExternal);

/** The whole of a model's file, which is no link and not beyond what protobuf allows. */
export const readPlainFile = (file: string): Uint8Array => {
  const model = openPlain(file);
  try {
    if (model.size > mostBytes) throw unreadable(`it has ${model.size} bytes, more than ${mostBytes}`);
    return model.read(0, model.size);
  } finally {
    model.close();
  }
};

/** Weights in files of this folder alone. A hostile model cannot have more read than there is: all its tensors together take no more than the file has. */
const readBeside = (folder: string, take: (file: PlainFile, offset: number, length: number) => Uint8Array): ReadExternal => {
  const taken = new Map<string, number>();
  return ({ location, offset, length }) => {
    requireNeighbour(location);
    const file = openPlain(path.join(folder, location));
    try {
      const bytes = length ?? file.size - offset;
      const all = (taken.get(location) ?? 0) + bytes;
      taken.set(location, all);
      if (bytes < 0 || offset + bytes > file.size || all > file.size)
        throw unreadable(`${location} does not hold the weights that it should`);
      return take(file, offset, bytes);
    } finally {
      file.close();
    }
  };
};

/** A name, no path: `..`, `/etc/passwd` and `C:\` lead elsewhere. */
export const requireNeighbour = (location: string): void => {
  if (!/^\w[\w.-]*$/.test(location))
    throw unreadable(`its weights lie at ${JSON.stringify(location.slice(0, 100))}, which is no name of a file beside it`);
};

type PlainFile = ReturnType<typeof openPlain>;
/** No link and no device, and nothing that could block. */
const openPlain = (file: string) => {
  const name = path.basename(file);
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(`${name} cannot be opened`, cause);
  }
  const stat = fstatSync(handle);
  if (!stat.isFile()) {
    closeSync(handle);
    throw unreadable(`${name} is not a file`);
  }
  return {
    size: stat.size,
    close: (): void => closeSync(handle),
    read: (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const count = readSync(handle, bytes, at, Math.min(length - at, 2 ** 30), offset + at);
        if (count === 0) throw unreadable(`${name} became shorter while it was read`);
        at += count;
      }
      return bytes;
    },
  };
};
