import type { Random } from '@boucle/statistics';
import { type Dimension, type Setting, type Settings, type Space, isActive, orderedSpace } from './space.ts';
import { fromUnit } from './unit.ts';

/** Settings drawn evenly from the space: each active dimension by itself. */
export const sample = (space: Space, random: Random): Settings => {
  const settings: Record<string, Setting> = {};
  for (const [name, dimension] of orderedSpace(space)) {
    if (isActive(dimension, settings)) settings[name] = draw(dimension, random);
  }
  return settings;
};

const draw = (dimension: Dimension, random: Random): Setting =>
  dimension.kind === 'choice' ? dimension.values[random.integer(dimension.values.length)]! : fromUnit(dimension, random.uniform());
