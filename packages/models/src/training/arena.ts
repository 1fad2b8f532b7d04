import { AppError } from '@boucle/contract';
import { mostPages } from './kernels/assembler.ts';
import { pageBytes, type SharedMemory } from './kernels/kernels.ts';

/** Arrays of float32 in a shared memory, one after the other and never given back: a training knows what it needs. */
export interface Arena {
  /** Zeros. */
  readonly reserve: (count: number) => Floats;
}

export interface Floats {
  readonly address: number;
  readonly data: Float32Array;
}

/** Vector instructions and ONNX Runtime like arrays that begin with a cache line. */
const alignment = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** `used` bytes at the start belong to somebody else. */
export const createArena = (memory: SharedMemory, used = 0): Arena => {
  let end = aligned(used);
  return {
    reserve: (count) => {
      const address = end;
      end += aligned(4 * count);
      const missing = Math.ceil((end - memory.buffer.byteLength) / pageBytes);
      if (end > mostPages * pageBytes) throw tooLarge(end);
      if (missing > 0) memory.grow(missing);
      return { address, data: new Float32Array(memory.buffer, address, count) };
    },
  };
};

const tooLarge = (bytes: number): AppError =>
  new AppError(
    'too_large',
    `Training would need ${Math.ceil(bytes / 2 ** 20)} MiB for weights, gradients and moments, more than 4096; freeze parameters, or train adapters only`,
    { reason: 'too_many_weights' },
  );
