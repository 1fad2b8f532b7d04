import { type Random, normalCdf } from '@boucle/statistics';
import type { Dimension, Setting } from './space.ts';
import { type Numeric, fromUnit, halfCell, isNumeric, toUnit } from './unit.ts';

/** The density around one trial, along one dimension. Of values that lie dense it is per unit of the line, so that even is 1. */
export interface Kernel {
  readonly draw: (random: Random) => Setting;
  readonly density: (value: Setting) => number;
}

/** What is known of a dimension that a trial did not have, and before any trial: nothing. */
export const evenKernel = (dimension: Dimension): Kernel =>
  isNumeric(dimension)
    ? { draw: (random) => fromUnit(dimension, random.uniform()), density: () => 1 }
    : { draw: (random) => pick(dimension.values, random), density: () => 1 / dimension.values.length };

/** A normal density cut to the line (`width`: its standard deviation there), or the value of a choice and a little of the others. */
export const kernelAt = (dimension: Dimension, value: Setting, width: number): Kernel =>
  isNumeric(dimension) ? normalKernel(dimension, toUnit(dimension, Number(value)), width) : choiceKernel(dimension.values, value);

const normalKernel = (dimension: Numeric, centre: number, width: number): Kernel => {
  const below = (place: number): number => normalCdf((place - centre) / width);
  const within = below(1) - below(0);
  const half = halfCell(dimension);
  return {
    draw: (random) => {
      for (;;) {
        const place = centre + width * normal(random);
        if (place >= 0 && place <= 1) return fromUnit(dimension, place);
      }
    },
    density: (value) => {
      const place = toUnit(dimension, Number(value));
      if (half > 0) return (below(place + half) - below(place - half)) / within / (2 * half);
      const z = (place - centre) / width;
      return Math.exp((-z * z) / 2) / (Math.sqrt(2 * Math.PI) * width * within);
    },
  };
};

/** The share that goes to the other values: the λ of Aitchison and Aitken 1976. */
const spill = 0.2;
const choiceKernel = (values: readonly Setting[], centre: Setting): Kernel => ({
  draw: (random) => (random.uniform() < spill ? pick(values, random) : centre),
  density: (value) => (value === centre ? 1 - spill : 0) + spill / values.length,
});

const pick = (values: readonly Setting[], random: Random): Setting => values[random.integer(values.length)]!;

/** Box and Muller 1958. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
