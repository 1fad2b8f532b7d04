import { advance, assemble, type Code, get, i32, set, simd, type WasmFunction, whileAtLeast } from '../training/kernels/assembler.ts';
import type { SharedMemory } from '../training/kernels/kernels.ts';

/** The loops over rows. Addresses are in bytes of the memory that the kernels were made for; rows are numbers of 32 bits. */
export interface Kernels {
  /**
   * `(values, count, limits, halves, column)`: writes the bin of each float32: 0 for NaN, otherwise 1 plus how many limits lie below it. There are
   * 2 * `halves` / 4 limits, a power of two, in ascending order; the last ones are infinite.
   */
  readonly bin: Kernel;
  /**
   * `(rows, count, gradients, ordered, cells, stride, planes)`: brings gradients, pairs of 32 bits, and cells into the order of at most `chunkRows`
   * rows. A row's cells lie side by side in `stride` bytes; each four of them go to a plane of their own, where rows lie side by side.
   */
  readonly gather: Kernel;
  /** `(ordered, count, plane, histogram)`: adds each pair to one bin of each of the plane's four features. */
  readonly histogram: Kernel;
  /** `(at, bytes)`: fills with noughts. JavaScript is slow at this where memory is shared. */
  readonly clear: Kernel;
  /** `(from, bytes, other)`: from -= other. */
  readonly subtract: Kernel;
  /** `(rows, count, column, left, scratch)`: puts those first whose cell in the column is marked 1 in `left`, either side in the order it had; returns how many. */
  readonly partition: Kernel;
}
type Kernel = (...addresses: readonly number[]) => number;

/** Bytes of one feature's histogram: 256 bins of two sums. */
export const histogramBytes = 256 * 16;
/** So many rows are gathered at a time: they stay in the cache until they are counted. */
export const chunkRows = 4096;
export const planeBytes = 4 * chunkRows;

const join =
  (...instruction: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...instruction];
const [plus, minus, and, shiftLeft, shiftRight] = [join(0x6a), join(0x6b), join(0x71), join(0x74), join(0x76)] as const;
const times = join(0x6c);
const [plusWide, minusWide] = [join(...simd(0xce)), join(...simd(0xd1))] as const;
const [load, loadByte] = [0x28, 0x2d].map((instruction) => (address: Code): Code => [...address, instruction, 0, 0]) as [Get, Get];
type Get = (address: Code) => Code;
const [store, storeByte] = [join(0x36, 0, 0), join(0x3a, 0, 0)] as const;
/** Two integers of 64 bits, which lie `offset` bytes behind the address; 4096 a step, in LEB128. */
const loadWide = (address: Code, step = 0): Code => [...address, ...simd(0, 0, ...offset(step))];
const storeWide = (address: Code, value: Code, step = 0): Code => [...address, ...value, ...simd(11, 0, ...offset(step))];
const offset = (step: number): Code => [0x80, 0x80 | (step << 5), step >> 2];
/** Two integers of 32 bits, widened to 64. */
const loadWidening: Get = (address) => [...address, ...simd(5, 0, 0)];
const copyPair = (to: Code, from: Code): Code => [...to, ...from, 0x29, 0, 0, 0x37, 0, 0];
const copyBytes = (to: Code, from: Code, bytes: Code): Code => [...to, ...from, ...bytes, 0xfc, 10, 0, 0];

const times4 = (value: Code): Code => shiftLeft(value, i32(2));
const times8 = (value: Code): Code => shiftLeft(value, i32(3));

const bin: WasmFunction = (() => {
  const [values, count, limits, halves, column, at, step, value] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [isLess, isEqual] = [join(0x5d), join(0x5b)] as const;
  const loadFloat: Get = (address) => [...address, 0x2a, 0, 0];
  /** The last limit of the lower half: where it is below the value, the search goes on in the upper half. Without a branch, which could not be foreseen. */
  const middle = loadFloat(plus(get(at), minus(get(step), i32(4))));
  const place = shiftRight(minus(get(at), get(limits)), i32(2));
  return {
    name: 'bin',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'f32'],
    body: whileAtLeast(count, 1, [
      ...set(value, loadFloat(get(values))),
      ...set(at, get(limits)),
      ...set(step, get(halves)),
      ...whileAtLeast(step, 4, [
        ...set(at, plus(get(at), times(isLess(middle, get(value)), get(step)))),
        ...set(step, shiftRight(get(step), i32(1))),
      ]),
      ...storeByte(get(column), times(plus(place, i32(1)), isEqual(get(value), get(value)))),
      ...advance(values, 4),
      ...advance(column, 1),
      ...advance(count, -1),
    ]),
  };
})();

const gather: WasmFunction = (() => {
  const [rows, count, gradients, ordered, cells, stride, planes, row, from, to, left] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  return {
    name: 'gather',
    params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'i32'],
    body: whileAtLeast(count, 1, [
      ...set(row, load(get(rows))),
      ...copyPair(get(ordered), plus(get(gradients), times8(get(row)))),
      ...set(from, plus(get(cells), times(get(row), get(stride)))),
      ...set(to, get(planes)),
      ...set(left, get(stride)),
      ...whileAtLeast(left, 1, [...store(get(to), load(get(from))), ...advance(from, 4), ...advance(to, planeBytes), ...advance(left, -4)]),
      ...advance(rows, 4),
      ...advance(ordered, 8),
      ...advance(planes, 4),
      ...advance(count, -1),
    ]),
  };
})();

const histogram: WasmFunction = (() => {
  const [ordered, count, plane, sums, four, bin, pair] = [0, 1, 2, 3, 4, 5, 6];
  /** The byte of a lane, times the 16 bytes of a bin. */
  const place = (lane: number): Code =>
    and(lane === 0 ? shiftLeft(get(four), i32(4)) : shiftRight(get(four), i32(8 * lane - 4)), i32(0xff0));
  const addTo = (lane: number): Code => [
    ...set(bin, plus(get(sums), place(lane))),
    ...storeWide(get(bin), plusWide(loadWide(get(bin), lane), get(pair)), lane),
  ];
  return {
    name: 'histogram',
    params: ['i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'v128'],
    body: whileAtLeast(count, 1, [
      ...set(four, load(get(plane))),
      ...set(pair, loadWidening(get(ordered))),
      ...[0, 1, 2, 3].flatMap(addTo),
      ...advance(plane, 4),
      ...advance(ordered, 8),
      ...advance(count, -1),
    ]),
  };
})();

const clear: WasmFunction = {
  name: 'clear',
  params: ['i32', 'i32'],
  locals: [],
  body: [...get(0), ...i32(0), ...get(1), 0xfc, 11, 0],
};

const subtract: WasmFunction = (() => {
  const [from, bytes, other] = [0, 1, 2];
  return {
    name: 'subtract',
    params: ['i32', 'i32', 'i32'],
    locals: [],
    body: whileAtLeast(bytes, 1, [
      ...storeWide(get(from), minusWide(loadWide(get(from)), loadWide(get(other)))),
      ...advance(from, 16),
      ...advance(other, 16),
      ...advance(bytes, -16),
    ]),
  };
})();

const partition: WasmFunction = (() => {
  const [rows, count, column, left, scratch, from, lefts, rights, row, step] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return {
    name: 'partition',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    result: 'i32',
    locals: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: [
      ...set(from, get(rows)),
      ...set(lefts, get(rows)),
      ...set(rights, get(scratch)),
      // Without a branch: the row is written to both sides, and only one of them moves on.
      ...whileAtLeast(count, 1, [
        ...set(row, load(get(from))),
        ...set(step, times4(loadByte(plus(get(left), loadByte(plus(get(column), get(row))))))),
        ...store(get(lefts), get(row)),
        ...store(get(rights), get(row)),
        ...set(lefts, plus(get(lefts), get(step))),
        ...set(rights, plus(get(rights), minus(i32(4), get(step)))),
        ...advance(from, 4),
        ...advance(count, -1),
      ]),
      ...copyBytes(get(lefts), get(scratch), minus(get(rights), get(scratch))),
      ...shiftRight(minus(get(lefts), get(rows)), i32(2)),
    ],
  };
})();

/** TypeScript knows WebAssembly only as a part of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { env: { memory: SharedMemory } }) => { readonly exports: unknown };
};

const module = new WebAssembly.Module(assemble([bin, gather, histogram, clear, subtract, partition]));

export const createKernels = (memory: SharedMemory): Kernels => new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
