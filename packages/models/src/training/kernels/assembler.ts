/**
 * A tiny assembler for WebAssembly: as much of the binary format (core specification 2.0, section 5) as our kernels need. A module takes
 * one shared memory, `env.memory`, and exports functions of numbers. Code is bytes; an expression's bytes leave its value on the stack.
 */
export type Code = readonly number[];

export const valueType = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;

export interface WasmFunction {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly result?: ValueType;
  /** Numbered after the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** Pages of 64 KiB that a 32 bit memory can have. */
export const mostPages = 65536;

export const assemble = (functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> => {
  const types = functions.map(({ params, result }) => [
    0x60,
    ...vector(params.map((type) => [valueType[type]])),
    ...vector(result ? [[valueType[result]]] : []),
  ]);
  const sharedWithLimits = 0x03;
  const memory = [...name('env'), ...name('memory'), 0x02, sharedWithLimits, ...unsigned(0), ...unsigned(mostPages)];
  const codes = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, valueType[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...header,
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.map((one, index) => [...name(one.name), 0x00, ...unsigned(index)]),
    ),
    ...section(10, codes),
  ]);
};

/** `\0asm`, version 1. */
const header: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** LEB128. */
const unsigned = (value: number): Code => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const signed = (value: number): Code => (value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)]);
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const name = (text: string): Code => vector([...Buffer.from(text)].map((byte) => [byte]));
const section = (id: number, items: readonly Code[]): Code => {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
};

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const i32 = (value: number): Code => [0x41, ...signed(value | 0)];
/** Adds a constant to an i32 local. */
export const advance = (local: number, by: number): Code => set(local, [...get(local), ...i32(by), 0x6a]);
/** Runs the body while the i32 local is at least so much. */
export const whileAtLeast = (local: number, least: number, body: Code): Code => {
  const [block, loop, none, less, branchIf, branch, end] = [0x02, 0x03, 0x40, 0x48, 0x0d, 0x0c, 0x0b];
  return [block, none, loop, none, ...get(local), ...i32(least), less, branchIf, 1, ...body, branch, 0, end, end];
};
/** An instruction of the vector set, whose operands stand before it. */
export const simd = (opcode: number, ...immediates: readonly number[]): Code => [0xfd, ...unsigned(opcode), ...immediates];
