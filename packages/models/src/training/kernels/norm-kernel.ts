import { advance, type Code, get, set, simd, type WasmFunction, whileAtLeast } from './assembler.ts';

/** `sumSquares(address, count)`: of float32, summed in float64, always in the same order. NaN or infinite exactly when an element is. */
const [address, count, low, high, four] = [0, 1, 2, 3, 4];

const promoteLow = simd(0x5f);
const secondHalfFirst = simd(0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
const [multiply, sum] = [simd(0xf2), simd(0xf0)];
const addSquare = (total: number, pair: Code): Code => set(total, [...get(total), ...pair, ...pair, ...multiply, ...sum]);
const lane = (vector: number, index: number): Code => [...get(vector), ...simd(0x21, index)];
const [f64Add, f64Mul, promote, f32Load] = [0xa0, 0xa2, 0xbb, [0x2a, 2, 0]] as const;
const single: Code = [...get(address), ...f32Load, promote];
const total = 5;

export const normKernel: WasmFunction = {
  name: 'sumSquares',
  params: ['i32', 'i32'],
  result: 'f64',
  locals: ['v128', 'v128', 'v128', 'f64'],
  body: [
    ...whileAtLeast(count, 4, [
      ...set(four, [...get(address), ...simd(0x00, 2, 0)]),
      ...addSquare(low, [...get(four), ...promoteLow]),
      ...addSquare(high, [...get(four), ...get(four), ...secondHalfFirst, ...promoteLow]),
      ...advance(address, 16),
      ...advance(count, -4),
    ]),
    ...set(low, [...get(low), ...get(high), ...sum]),
    ...set(total, [...lane(low, 0), ...lane(low, 1), f64Add]),
    ...whileAtLeast(count, 1, [
      ...set(total, [...get(total), ...single, ...single, f64Mul, f64Add]),
      ...advance(address, 4),
      ...advance(count, -1),
    ]),
    ...get(total),
  ],
};
