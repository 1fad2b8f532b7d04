import { AppError } from '@boucle/contract';

/** Bytes that are no model, or one that this reader does not know. Nothing of it is used. */
export const unreadable = (what: string, cause?: unknown): AppError =>
  new AppError('failed_precondition', `The ONNX model cannot be read: ${what}; fetch it again, or export it again`, {
    reason: 'unreadable_onnx',
    cause,
  });

/** Walks over bytes and never beyond them. */
export const createCursor = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const pass = (length: number): number => {
    if (length < 0 || length > bytes.length - at) throw unreadable(`${length} bytes are announced where ${bytes.length - at} are left`);
    at += length;
    return at - length;
  };
  const varint64 = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[pass(1)]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw unreadable('a number has more than ten bytes');
  };

  return {
    isAtEnd: (): boolean => at === bytes.length,
    varint64,
    /** Most are short, and need no bigint. */
    varint: (): number => {
      const start = at;
      let value = 0;
      for (let shift = 0; shift < 28; shift += 7) {
        const byte = bytes[pass(1)]!;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
      at = start;
      const long = Number(varint64());
      if (!Number.isSafeInteger(long)) throw unreadable(`${long} is too large a number`);
      return long;
    },
    float: (): number => view.getFloat32(pass(4), true),
    double: (): number => view.getFloat64(pass(8), true),
    slice: (length: number): Uint8Array => {
      const from = pass(length);
      return bytes.subarray(from, from + length);
    },
  };
};
export type Cursor = ReturnType<typeof createCursor>;
