import type { Point } from './metric-point.ts';

const format = 1;
const headBytes = 1;
const pointBytes = 24;

/**
 * Points as bytes: the format's number, then all times, all steps, all values, each of 8 bytes with the least first.
 * A column's bytes are alike, so that what compresses them finds something.
 */
export const packPoints = (points: readonly Point[]): Uint8Array => {
  const { length } = points;
  const bytes = new Uint8Array(headBytes + length * pointBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, format);
  points.forEach(({ time, step, value }, i) => {
    const at = headBytes + i * 8;
    view.setFloat64(at, time, true);
    if (typeof step === 'bigint') view.setBigInt64(at + length * 8, step, true);
    else {
      view.setUint32(at + length * 8, step >>> 0, true);
      view.setInt32(at + length * 8 + 4, Math.floor(step / 2 ** 32), true);
    }
    view.setFloat64(at + length * 16, value, true);
  });
  return bytes;
};

export const unpackPoints = (bytes: Uint8Array): Point[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = (bytes.byteLength - headBytes) / pointBytes;
  if (!Number.isInteger(length) || view.getUint8(0) !== format) throw new Error('These bytes are no chunk of points of this release');
  return Array.from({ length }, (_, i) => {
    const at = headBytes + i * 8;
    // Two halves cost a tenth of a bigint, and nearly every step fits a number.
    const step = view.getInt32(at + length * 8 + 4, true) * 2 ** 32 + view.getUint32(at + length * 8, true);
    return {
      step: Number.isSafeInteger(step) ? step : view.getBigInt64(at + length * 8, true),
      time: view.getFloat64(at, true),
      value: view.getFloat64(at + length * 16, true),
    };
  });
};
