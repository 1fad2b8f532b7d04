import { advance, type Code, get, i32, set, simd, type WasmFunction, whileAtLeast } from './assembler.ts';

/**
 * `masks(address, count, block, site, step, part, key0, key1, dropBelow, scale)` writes a dropout mask: 0 where Philox's word is below
 * `dropBelow` and `scale` elsewhere. `count` is a multiple of 16: four blocks are drawn side by side, one per lane. Of the sixteen
 * numbers, number 4 w + l is word w of block `block` + l; so says the test, against ../../autodiff/philox.ts.
 */
/** Constants of Philox4x32-10 (Salmon et al. 2011). */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const keySteps = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

const [address, count, block, site, step, part, key0, key1, dropBelow, scale] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const words = [10, 11, 12, 13] as const;
const [low, high, factor] = [14, 15, 16];

const splat = (value: Code): Code => [...value, ...simd(0x11)];
const [i32x4Add, i32x4AtLeast, xor, and] = [simd(0xae), simd(0x40), simd(0x51), simd(0x4e)];
const [multiplyLow, multiplyHigh] = [simd(0xde), simd(0xdf)];
const pick = (lanes: readonly number[]): Code => simd(0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
/** Of four products of 64 bits in two vectors. */
const [lowerHalves, upperHalves] = [pick([0, 2, 4, 6]), pick([1, 3, 5, 7])];
const v128 = (lanes: readonly number[]): Code => simd(0x0c, ...new Uint8Array(Int32Array.from(lanes).buffer));

/** Leaves the lower halves of word times multiplier in the word itself; the upper halves are an expression over `low` and `high`. */
const products = (word: number, multiplier: number): Code => [
  ...set(factor, splat(i32(multiplier))),
  ...set(low, [...get(word), ...get(factor), ...multiplyLow]),
  ...set(high, [...get(word), ...get(factor), ...multiplyHigh]),
  ...set(word, [...get(low), ...get(high), ...lowerHalves]),
];
const upper: Code = [...get(low), ...get(high), ...upperHalves];

/** The halves that would be moved to other words are renamed instead, so a round returns the new order of its locals. */
const round = ([a, b, c, d]: readonly [number, number, number, number], number: number) => {
  const key = (local: number, by: number): Code => splat([...get(local), ...i32(Math.imul(number, by)), 0x6a]);
  const code = [
    ...products(a, multipliers[0]),
    ...set(d, [...upper, ...get(d), ...xor, ...key(key1, keySteps[1]), ...xor]),
    ...products(c, multipliers[1]),
    ...set(b, [...upper, ...get(b), ...xor, ...key(key0, keySteps[0]), ...xor]),
  ];
  return { code, order: [b, c, d, a] as const };
};

const draw = (): { code: Code; order: readonly number[] } => {
  let order: readonly [number, number, number, number] = words;
  const code: number[] = [];
  for (let number = 0; number < rounds; number++) {
    const next = round(order, number);
    code.push(...next.code);
    order = next.order;
  }
  return { code, order };
};
const drawn = draw();

/** A mask by comparison is all ones or all zeros, so that AND keeps the scale or leaves 0. */
const kept = (word: number): Code => [...get(word), ...splat(get(dropBelow)), ...i32x4AtLeast, ...get(scale), ...simd(0x13), ...and];

export const maskKernel: WasmFunction = {
  name: 'masks',
  params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
  locals: ['v128', 'v128', 'v128', 'v128', 'v128', 'v128', 'v128'],
  body: whileAtLeast(count, 16, [
    ...set(words[0], [...splat(get(block)), ...v128([0, 1, 2, 3]), ...i32x4Add]),
    ...set(words[1], splat(get(site))),
    ...set(words[2], splat(get(step))),
    ...set(words[3], splat(get(part))),
    ...drawn.code,
    ...drawn.order.flatMap((word, i) => [...get(address), ...kept(word), ...simd(0x0b, 2, 16 * i)]),
    ...advance(address, 64),
    ...advance(block, 4),
    ...advance(count, -16),
  ]),
};
