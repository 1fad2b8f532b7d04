import { philox } from './philox.ts';

/** The first value of a parameter, entry by entry. */
export type Initializer = (shape: readonly number[]) => (random: Random) => number;
interface Random {
  /** From 0 (excluded) to 1, evenly. */
  readonly uniform: () => number;
  /** Mean 0, standard deviation 1. */
  readonly normal: () => number;
}

export interface Param {
  readonly shape: readonly number[];
  readonly init: Initializer;
}

export const param = (shape: readonly number[], init: Initializer): Param => ({ shape, init });

export const zeros: Initializer = () => () => 0;
export const ones: Initializer = () => () => 1;
export const normal =
  (deviation: number): Initializer =>
  () =>
  (random) =>
    deviation * random.normal();
export const uniform =
  (bound: number): Initializer =>
  () =>
  (random) =>
    bound * (2 * random.uniform() - 1);
/** Even between ±√(6 / (fan in + fan out)) of the last two axes (Glorot and Bengio 2010, equation 16). */
export const xavier = (): Initializer => (shape) => uniform(Math.sqrt(6 / (shape.at(-2)! + shape.at(-1)!)))(shape);

/** First values of all parameters. Each depends on the seed, its name and its place alone, so that a new parameter changes no other. */
export const initialWeights = ({ params }: { readonly params: Readonly<Record<string, Param>> }, seed: number): Map<string, Float32Array> =>
  new Map(
    Object.entries(params).map(([name, { shape, init }]) => {
      const draw = init(shape);
      const random = randomFor(seed, name);
      const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
      for (let i = 0; i < values.length; i++) values[i] = draw(random);
      return [name, values];
    }),
  );

const randomFor = (seed: number, name: string): Random => {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const;
  const bits = new Uint32Array(4);
  const stream = fnv1a(name);
  let drawn = 0;
  const uniform = (): number => {
    if (drawn % 4 === 0) philox([drawn / 4, 0, stream, 0], key, bits);
    return (bits[drawn++ % 4]! + 0.5) / 2 ** 32;
  };
  let spare: number | undefined;
  /** Box and Muller, who get two from two. */
  const normal = (): number => {
    if (spare !== undefined) {
      const held = spare;
      spare = undefined;
      return held;
    }
    const [radius, angle] = [Math.sqrt(-2 * Math.log(uniform())), 2 * Math.PI * uniform()];
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
};

/** 32 bits of a name (Fowler, Noll and Vo). */
const fnv1a = (name: string): number =>
  [...new TextEncoder().encode(name)].reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
