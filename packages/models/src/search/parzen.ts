import type { Random } from '@boucle/statistics';
import { type Kernel, evenKernel, kernelAt } from './kernel.ts';
import { type Dimension, type Named, type Setting, type Settings, isActive } from './space.ts';
import { isNumeric, toUnit } from './unit.ts';

/** A density over settings: the even mixture of one component for each trial and one that knows nothing. */
export interface Parzen {
  /** Adds settings of these dimensions to those given. */
  readonly draw: (random: Random, given: Settings) => Settings;
  readonly logDensity: (settings: Settings) => number;
}

/** A component is a product over the dimensions; along one that its trial did not have it knows nothing. */
export const createParzen = (dimensions: readonly Named[], trials: readonly Settings[]): Parzen => {
  const widths = dimensions.map(([name, dimension]) =>
    widthsOf(
      dimension,
      trials.map((one) => one[name]),
      dimensions.length,
    ),
  );
  const prior = dimensions.map(([, dimension]) => evenKernel(dimension));
  const components: readonly (readonly Kernel[])[] = [
    prior,
    ...trials.map((trial, i) =>
      dimensions.map(([name, dimension], d) =>
        Object.hasOwn(trial, name) ? kernelAt(dimension, trial[name]!, widths[d]![i]!) : prior[d]!,
      ),
    ),
  ];
  return {
    draw: (random, given) => {
      const component = components[random.integer(components.length)]!;
      const settings: Record<string, Setting> = { ...given };
      for (const [d, [name, dimension]] of dimensions.entries()) {
        if (isActive(dimension, settings)) settings[name] = component[d]!.draw(random);
      }
      return settings;
    },
    logDensity: (settings) => {
      let sum = 0;
      for (const component of components) {
        let product = 1;
        for (const [d, [name]] of dimensions.entries()) {
          if (Object.hasOwn(settings, name)) product *= component[d]!.density(settings[name]!);
        }
        sum += product;
      }
      return Math.log(sum / components.length);
    },
  };
};

const narrowest = 0.01;

/** One dimension alone: as far as the farther neighbour, Bergstra et al. 2011, section 4. Several: Scott's rule (1992) on a fifth of the line. */
const widthsOf = (dimension: Dimension, values: readonly (Setting | undefined)[], dimensions: number): readonly number[] => {
  if (!isNumeric(dimension)) return values.map(() => 0);
  if (dimensions > 1) return values.map(() => Math.max(narrowest, 0.2 * values.length ** (-1 / (dimensions + 4))));
  const places = values.map((value) => toUnit(dimension, Number(value)));
  const line = [0, ...places.toSorted((a, b) => a - b), 1];
  const least = Math.max(narrowest, 1 / (values.length + 2));
  return places.map((place) => {
    const at = line.indexOf(place, 1);
    return Math.min(1, Math.max(least, place - line[at - 1]!, line[at + 1]! - place));
  });
};
