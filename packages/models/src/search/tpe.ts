import type { Random } from '@boucle/statistics';
import { type Parzen, createParzen } from './parzen.ts';
import { sample } from './sample.ts';
import { type Named, type Settings, type Space, isActive, orderedSpace } from './space.ts';
import { ranked, type Trial } from './trial.ts';

export interface TpeOptions {
  /** Trials drawn evenly before anything is inferred from them. Default 10. */
  readonly startup?: number;
  /** The share of trials that count as good. Default 0.15. */
  readonly gamma?: number;
  /** Candidates drawn, of which the most promising is suggested. Default 24. */
  readonly candidates?: number;
  /** One density over all dimensions, which sees how they depend on each other, instead of one for each. Default false. */
  readonly multivariate?: boolean;
}
const defaults = { startup: 10, gamma: 0.15, candidates: 24, multivariate: false };

/**
 * The tree-structured Parzen estimator, Bergstra et al. 2011, section 4: settings are drawn from the density of good trials, and
 * the one is taken that good trials favour most over the others, which maximises the expected improvement.
 */
export const suggestByTpe = ({
  space,
  history,
  random,
  options,
}: {
  space: Space;
  history: readonly Trial[];
  random: Random;
  options: TpeOptions;
}): Settings => {
  const { startup, gamma, candidates, multivariate } = { ...defaults, ...options };
  if (history.length < Math.max(1, startup)) return sample(space, random);
  const order = ranked(history).map(({ settings }) => settings);
  const good = Math.max(1, Math.ceil(gamma * order.length));
  const best = (dimensions: readonly Named[], given: Settings): Settings => {
    const known = order.map((settings, rank) => ({ settings, isGood: rank < good })).filter(({ settings }) => knows(settings, dimensions));
    const densityOf = (isGood: boolean): Parzen =>
      createParzen(
        dimensions,
        known.filter((one) => one.isGood === isGood).map(({ settings }) => settings),
      );
    const [liked, disliked] = [densityOf(true), densityOf(false)];
    const drawn = Array.from({ length: candidates }, () => liked.draw(random, given));
    const gains = drawn.map((settings) => liked.logDensity(settings) - disliked.logDensity(settings));
    return drawn[gains.indexOf(Math.max(...gains))]!;
  };
  const dimensions = orderedSpace(space);
  if (multivariate) return best(dimensions, {});
  return dimensions.reduce<Settings>((given, one) => (isActive(one[1], given) ? best([one], given) : given), {});
};

/** One dimension is learned from the trials that had it. */
const knows = (settings: Settings, dimensions: readonly Named[]): boolean => dimensions.some(([name]) => Object.hasOwn(settings, name));
