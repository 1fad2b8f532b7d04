import { damaged } from '../package/package-file.ts';

interface Weights {
  readonly idf: Float64Array;
  readonly biases: Float64Array;
  readonly weights: Float64Array;
}

/** `BCLW`, version 1, weight vectors, columns: four numbers of 32 bits. Then idf, biases and weights. All little-endian. */
const magic = 0x574c4342;
const headerSize = 16;

export const weightsBytes = ({ idf, biases, weights }: Weights): Buffer => {
  const numbers = [idf, biases, weights];
  const bytes = Buffer.alloc(headerSize + 8 * numbers.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  [magic, 1, biases.length, idf.length].forEach((value, i) => view.setUint32(4 * i, value, true));
  let at = headerSize;
  for (const array of numbers) {
    for (let i = 0; i < array.length; i++, at += 8) view.setFloat64(at, array[i]!, true);
  }
  return bytes;
};

/** Refuses other sizes than the ones expected, and numbers that are not finite. */
export const readWeights = (bytes: Buffer, { vectors, columns }: { vectors: number; columns: number }): Weights => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length !== headerSize + 8 * (columns + vectors + columns * vectors)) {
    throw damaged(`the weights have ${bytes.length} bytes, which is not right for ${columns} terms and ${vectors} weight vectors`);
  }
  const header = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  if (header[0] !== magic || header[1] !== 1) throw damaged('the weights are not in version 1 of their format');
  if (header[2] !== vectors || header[3] !== columns) throw damaged('the weights say they are of another size');
  let at = headerSize;
  const take = (length: number): Float64Array => {
    const array = new Float64Array(length);
    for (let i = 0; i < length; i++, at += 8) {
      const value = view.getFloat64(at, true);
      if (!Number.isFinite(value)) throw damaged(`weight ${(at - headerSize) / 8} is not a finite number`);
      array[i] = value;
    }
    return array;
  };
  return { idf: take(columns), biases: take(vectors), weights: take(columns * vectors) };
};
