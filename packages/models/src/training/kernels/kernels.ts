import { assemble, mostPages } from './assembler.ts';
import { maskKernel } from './mask-kernel.ts';
import { normKernel } from './norm-kernel.ts';
import { adamKernel, sgdKernel } from './update-kernels.ts';

/** Addresses are bytes in the memory, counts are numbers of float32; the arguments are told where each kernel is written. */
export type Kernels = Readonly<Record<'adam' | 'sgd' | 'sumSquares' | 'masks', (...numbers: readonly number[]) => number>>;

/** Memory that kernels, ONNX Runtime and threads share. It grows, and views of it stay valid. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** TypeScript knows WebAssembly only as a part of the browser. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { env: { memory: SharedMemory } }) => { readonly exports: unknown };
};

export const pageBytes = 65536;

export const createMemory = (pages: number): SharedMemory => new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });

const module = new WebAssembly.Module(assemble([adamKernel, sgdKernel, normKernel, maskKernel]));

export const createKernels = (memory: SharedMemory): Kernels => new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
