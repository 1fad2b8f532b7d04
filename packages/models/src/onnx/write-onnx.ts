import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ExternalPlace, type ExternalPlaces, onnxMessage } from './encode-onnx.ts';
import type { OnnxModel, TensorData } from './model.ts';

/** What readers of Protocol Buffers take at most. */
const mostBytes = 2 ** 31 - 1;
/** Smaller tensors stay in the model, where runtimes look for shapes and constants. */
const leastExternal = 1024;
/** A page: runtimes map the file instead of reading it. */
const alignment = 4096;

/**
 * Writes a model's file, piece by piece. Where it would be too large for one, or `external` says so, the numbers of its weights go to a
 * file beside it, `<name>.data`.
 */
export const writeOnnx = async (
  file: string,
  model: OnnxModel,
  { external = false }: { readonly external?: boolean } = {},
): Promise<void> => {
  const whole = onnxMessage(model);
  if (!external && whole.size <= mostBytes) return writeChunks(file, whole.chunks);
  const places = placesOf(model, `${path.basename(file)}.data`);
  await writeChunks(`${file}.data`, externalChunks(places));
  await writeChunks(file, onnxMessage(model, places).chunks);
};

const placesOf = ({ graph }: OnnxModel, location: string): ExternalPlaces => {
  const places = new Map<TensorData, ExternalPlace>();
  let end = 0;
  for (const tensor of graph.initializers.values()) {
    if (!('buffer' in tensor.data) || tensor.data.byteLength < leastExternal || places.has(tensor)) continue;
    const offset = Math.ceil(end / alignment) * alignment;
    places.set(tensor, { location, offset, length: tensor.data.byteLength });
    end = offset + tensor.data.byteLength;
  }
  return places;
};

function* externalChunks(places: ExternalPlaces): Generator<Uint8Array> {
  let at = 0;
  for (const [{ data }, { offset, length }] of places) {
    if (!('buffer' in data)) continue;
    yield new Uint8Array(offset - at);
    yield new Uint8Array(data.buffer, data.byteOffset, length);
    at = offset + length;
  }
}

const writeChunks = (file: string, chunks: Iterable<Uint8Array>): Promise<void> => pipeline(inPieces(chunks), createWriteStream(file));

/** One write takes less than 2 GiB. */
function* inPieces(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const most = 2 ** 26;
  for (const chunk of chunks) for (let from = 0; from < chunk.length; from += most) yield chunk.subarray(from, from + most);
}
