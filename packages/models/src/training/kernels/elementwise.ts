import { advance, type Code, get, set, simd, type WasmFunction, whileAtLeast } from './assembler.ts';

/** The same instructions for four numbers at once and for one. */
interface Lanes {
  readonly count: number;
  readonly load: Code;
  readonly store: Code;
  readonly splat: Code;
  readonly add: Code;
  readonly sub: Code;
  readonly mul: Code;
  readonly div: Code;
  readonly sqrt: Code;
}

/** Loads and stores carry a promised alignment of 4 bytes (2 to the 2nd) and an offset of 0. */
const four: Lanes = {
  count: 4,
  load: simd(0x00, 2, 0),
  store: simd(0x0b, 2, 0),
  splat: simd(0x13),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  sqrt: simd(0xe3),
};
const one: Lanes = {
  count: 1,
  load: [0x2a, 2, 0],
  store: [0x38, 2, 0],
  splat: [],
  add: [0x92],
  sub: [0x93],
  mul: [0x94],
  div: [0x95],
  sqrt: [0x91],
};

/** An expression, not yet decided for four lanes or one. */
export type Value = (lanes: Lanes) => Code;
const binary =
  (operation: 'add' | 'sub' | 'mul' | 'div') =>
  (a: Value, b: Value): Value =>
  (lanes) => [...a(lanes), ...b(lanes), ...lanes[operation]];
export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const sqrt =
  (a: Value): Value =>
  (lanes) => [...a(lanes), ...lanes.sqrt];

/**
 * A function `name(...addresses, count, ...numbers)` that runs over `count` float32 of each array, four at a time and the rest singly.
 * The statements set an element of an array or a temporary, in their order.
 */
export const elementwise = <Array extends string, Scalar extends string, Temporary extends string>(
  name: string,
  { arrays, numbers, temporaries }: { arrays: readonly Array[]; numbers: readonly Scalar[]; temporaries: readonly Temporary[] },
  statements: (it: Readonly<Record<Array | Scalar | Temporary, Value>>) => readonly (readonly [Array | Temporary, Value])[],
): WasmFunction => {
  const count = arrays.length;
  const firstNumber = count + 1;
  const firstTemporary = firstNumber + numbers.length;
  const isArray = (target: string): target is Array => arrays.includes(target as Array);
  const address = (array: Array): Code => get(arrays.indexOf(array));
  const temporary = (target: Temporary, lanes: Lanes): number =>
    firstTemporary + temporaries.indexOf(target) + (lanes.count === 4 ? 0 : temporaries.length);

  const it = Object.fromEntries([
    ...arrays.map((array): [string, Value] => [array, ({ load }) => [...address(array), ...load]]),
    ...numbers.map((number, i): [string, Value] => [number, ({ splat }) => [...get(firstNumber + i), ...splat]]),
    ...temporaries.map((target): [string, Value] => [target, (lanes) => get(temporary(target, lanes))]),
  ]) as Record<Array | Scalar | Temporary, Value>;
  const loop = (lanes: Lanes): Code =>
    whileAtLeast(count, lanes.count, [
      ...statements(it).flatMap(([target, value]) =>
        isArray(target) ? [...address(target), ...value(lanes), ...lanes.store] : set(temporary(target, lanes), value(lanes)),
      ),
      ...arrays.flatMap((_, i) => advance(i, 4 * lanes.count)),
      ...advance(count, -lanes.count),
    ]);
  return {
    name,
    params: [...arrays.map(() => 'i32' as const), 'i32', ...numbers.map(() => 'f32' as const)],
    locals: [...temporaries.map(() => 'v128' as const), ...temporaries.map(() => 'f32' as const)],
    body: [...loop(four), ...loop(one)],
  };
};
