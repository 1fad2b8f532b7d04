import { type Named, type Settings, type Space, isActive, orderedSpace } from './space.ts';
import { spreadOf } from './unit.ts';

/** A grid whose size is a bound on memory: nobody carries out more trials than that. */
const mostPoints = 100_000;

/** Every combination of evenly spread values, the last dimension running fastest; what is not active is left out, so that none is there twice. */
export const gridOf = (space: Space, pointsPerRange = 5): readonly Settings[] => {
  const combine = (dimensions: readonly Named[], settings: Settings): Settings[] => {
    const [first, ...rest] = dimensions;
    if (!first) return [settings];
    const [name, dimension] = first;
    if (!isActive(dimension, settings)) return combine(rest, settings);
    const found: Settings[] = [];
    for (const value of spreadOf(dimension, pointsPerRange)) {
      for (const one of combine(rest, { ...settings, [name]: value })) {
        if (found.length < mostPoints) found.push(one);
      }
    }
    return found;
  };
  return combine(orderedSpace(space), {});
};
