import { AppError } from '@boucle/contract';
import { mostPages } from '../training/kernels/assembler.ts';
import { createMemory, pageBytes, type SharedMemory } from '../training/kernels/kernels.ts';
import type { FeatureValues } from './forest.ts';
import { chunkRows, createKernels, histogramBytes, type Kernels, planeBytes } from './kernels.ts';
import { numberLimits, paddedLimits } from './number-bins.ts';

export interface Feature {
  readonly kind: 'number' | 'category';
  /** Called once, when the feature's turn has come: no more than one column of numbers need be in memory. */
  readonly values: () => FeatureValues;
}

export interface FeatureBins {
  readonly kind: Feature['kind'];
  /** Bins are below this number. Of a number, bin 0 is for missing ones; of a category, bins are the codes. */
  readonly bins: number;
  /** Of a number: bin b holds values of at most limit b - 1. */
  readonly limits: Float32Array;
}

/** Where things lie in the one memory that the kernels work on; in bytes. */
interface Layout {
  /** A feature's cells, row by row. */
  readonly column: (feature: number) => number;
  /** The same once more, for those who want many features of a row: `stride` bytes of each row. */
  readonly cells: number;
  readonly stride: number;
  readonly rows: number;
  readonly scratch: number;
  readonly gradients: number;
  readonly ordered: number;
  readonly planes: number;
  readonly left: number;
  readonly histogram: (slot: number, feature: number) => number;
  readonly histogramBytes: number;
}

/** A table whose every cell is one byte, in the memory of the kernels. */
export interface BinnedTable {
  readonly rows: number;
  readonly features: readonly FeatureBins[];
  readonly memory: SharedArrayBuffer;
  readonly layout: Layout;
  readonly kernels: Kernels;
  /** Other rows' values of a feature, in the bins of the table. */
  readonly binsOf: (feature: number, values: FeatureValues) => Uint8Array;
}

const learnBins = (kind: Feature['kind'], values: FeatureValues, { maxBins, seed }: { maxBins: number; seed: number }): FeatureBins => {
  if (kind === 'number') {
    const limits = numberLimits(values, maxBins, seed);
    return { kind, bins: limits.length + 2, limits };
  }
  let bins = 1;
  for (const code of values) if (code >= bins) bins = code + 1;
  return { kind, bins, limits: new Float32Array() };
};

/** `slots`: how many histograms of all features are kept at a time. */
export const binTable = (
  features: readonly Feature[],
  rows: number,
  options: { readonly maxBins: number; readonly seed: number; readonly slots: number },
): BinnedTable => {
  const [layout, bytes] = layOut(features.length, rows, options.slots);
  const memory = allocate(bytes);
  const kernels = createKernels(memory);
  const all = new Uint8Array(memory.buffer);
  const column = (feature: number): Uint8Array => all.subarray(layout.column(feature), layout.column(feature) + rows);
  const write = createBinWriter(memory, layout, kernels);
  const learned = features.map(({ kind, values }, i) => {
    const given = values();
    const bins = learnBins(kind, given, options);
    write(bins, given, column(i));
    return bins;
  });
  // In blocks of rows that stay in the cache.
  for (let block = 0; block < rows; block += chunkRows / 4) {
    for (let i = 0; i < features.length; i++) {
      const from = column(i);
      for (let row = block; row < Math.min(rows, block + chunkRows / 4); row++) all[layout.cells + row * layout.stride + i] = from[row]!;
    }
  }
  const binsOf = (feature: number, values: FeatureValues): Uint8Array => {
    const bins = new Uint8Array(values.length);
    write(learned[feature]!, values, bins);
    return bins;
  };
  return { rows, features: learned, memory: memory.buffer, layout, kernels, binsOf };
};

/** Numbers pass through the places that are otherwise for gathered rows. */
const createBinWriter = ({ buffer }: SharedMemory, { ordered, planes }: Layout, { bin }: Kernels) => {
  const values = new Float32Array(buffer, planes, chunkRows);
  const limits = new Float32Array(buffer, ordered, 256);
  const bins = new Uint8Array(buffer, ordered + limits.byteLength, chunkRows);
  return ({ kind, limits: learned }: FeatureBins, given: FeatureValues, into: Uint8Array): void => {
    // Codes are whole numbers: they become bytes as they are.
    if (kind === 'category') return into.set(given);
    const padded = paddedLimits(learned);
    limits.set(padded);
    for (let done = 0; done < given.length; done += chunkRows) {
      const chunk = given.subarray(done, done + chunkRows);
      values.set(chunk);
      bin(values.byteOffset, chunk.length, limits.byteOffset, 2 * padded.length, bins.byteOffset);
      into.set(bins.subarray(0, chunk.length), done);
    }
  };
};

const layOut = (features: number, rows: number, slots: number): [layout: Layout, bytes: number] => {
  let end = 0;
  const take = (bytes: number): number => {
    const begin = end;
    end += Math.ceil(bytes / cacheLine) * cacheLine;
    return begin;
  };
  // Four features are counted at a time: a row's gradient is read once for four histograms, which together fit the first cache.
  const groups = Math.ceil(features / 4);
  const perSlot = groups * 4 * histogramBytes;
  const stride = strideFor(groups * 4);
  const [columns, cells] = [take(features * rows), take(rows * stride)];
  const [rowsAt, scratch, gradients] = [take(rows * 4), take(rows * 4), take(rows * 8)];
  const [ordered, planes, left] = [take(chunkRows * 8), take((stride / 4) * planeBytes), take(256)];
  const histograms = take(slots * perSlot);
  const layout: Layout = {
    column: (feature) => columns + feature * rows,
    cells,
    stride,
    rows: rowsAt,
    scratch,
    gradients,
    ordered,
    planes,
    left,
    histogram: (slot, feature) => histograms + slot * perSlot + feature * histogramBytes,
    histogramBytes: perSlot,
  };
  return [layout, end];
};

const cacheLine = 64;
/** A row lies in as few lines of the cache as its bytes need. */
const strideFor = (bytes: number): number =>
  bytes >= cacheLine ? Math.ceil(bytes / cacheLine) * cacheLine : 2 ** Math.ceil(Math.log2(bytes));

const mostBytes = (mostPages - 1) * pageBytes;

const allocate = (bytes: number): SharedMemory => {
  const refuse = (cause?: unknown): AppError =>
    new AppError(
      'too_large',
      `Training needs ${Math.ceil(bytes / 2 ** 20)} MiB in one piece, which is not to be had (at most ${Math.floor(mostBytes / 2 ** 20)}); use fewer rows, columns or leaves`,
      { reason: 'out_of_memory', cause },
    );
  if (bytes > mostBytes) throw refuse();
  try {
    return createMemory(Math.ceil(bytes / pageBytes));
  } catch (cause) {
    throw refuse(cause);
  }
};
