import type { TrainingProgram } from '../autodiff/index.ts';
import type { Arena, Floats } from './arena.ts';
import type { Kernels } from './kernels/kernels.ts';
import { keyOf } from './random-stream.ts';

export interface Masks {
  /** The masks of a program at a place in training; they stand until the next are drawn. */
  readonly draw: (sites: TrainingProgram['masks'], place: { readonly step: number; readonly part: number }) => Floats[];
}

/** Dropout masks as a function of seed, step, part of the step and site: a resumed training draws what it would have drawn. */
export const createMasks = ({ kernels, arena, seed }: { kernels: Kernels; arena: Arena; seed: number }): Masks => {
  const key = keyOf(seed);
  let room: Floats = { address: 0, data: new Float32Array() };
  return {
    draw: (sites, { step, part }) => {
      const sizes = sites.map(({ shape }) => Math.ceil(shape.reduce((a, b) => a * b, 1) / group) * group);
      const all = sizes.reduce((a, b) => a + b, 0);
      // All programs draw into the same room, which is as large as the largest needs.
      if (all > room.data.length) room = arena.reserve(all);
      let start = 0;
      return sites.map(({ rate, site, shape }, i) => {
        const address = room.address + 4 * start;
        kernels.masks(address, sizes[i]!, 0, site, step, part, ...key, rate * 2 ** 32, 1 / (1 - rate));
        const data = room.data.subarray(start, start + shape.reduce((a, b) => a * b, 1));
        start += sizes[i]!;
        return { address, data };
      });
    },
  };
};

/** The kernel draws so many at a time. */
const group = 16;
