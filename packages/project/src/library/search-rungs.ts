import type { Static } from 'typebox';
import { invalid } from '@boucle/contract';
import { rungsOf, shouldStop } from '@boucle/models/search';
import type { Halving, Outcome } from './search-outcome.ts';

interface Climb {
  readonly halving: Static<typeof Halving> | null;
  /** All the rows there are. */
  readonly rows: number;
  /** The trainer's option, where there is one. */
  readonly epochs: unknown;
  readonly earlier: readonly Static<typeof Outcome>[];
}

/** The rungs of one trial: where it is looked at, and whether it is then behind the trials before it. */
export const createRungs = ({ halving, rows, epochs, earlier }: Climb) => {
  const most = halving?.of === 'epochs' ? wholeEpochs(epochs) : rows;
  const least = halving === null ? most : halving.of === 'epochs' ? halving.least : Math.ceil(halving.least * rows);
  const eta = halving?.eta ?? 3;
  const reached: Static<typeof Outcome>['rungs'] = [];
  return {
    places: [...new Set(rungsOf({ least: Math.min(least, most), most, eta }).map(Math.round))],
    most,
    reached,
    /** Nobody is stopped at the last rung. */
    isBehind: (at: number, score: number): boolean => {
      reached.push({ at, score });
      const others = earlier.flatMap((one) => one.rungs.filter((rung) => rung.at === at).map((rung) => rung.score));
      return at < most && shouldStop({ earlier: others, value: score, eta });
    },
  };
};

const wholeEpochs = (epochs: unknown): number => {
  if (typeof epochs === 'number' && Number.isInteger(epochs) && epochs >= 1) return epochs;
  throw invalid('Trials are stopped by epochs; say how many one has at most, as epochs among the fixed options', 'bad_halving');
};
