import { type Counts, requireCounts, twoCounts } from '../tests/two-counts.ts';
import { hellinger, jensenShannonDivergence, kullbackLeibler, lInfinity, psi, type Shares, totalVariation } from './share-distances.ts';

/** A distance with the convention without which its number says nothing. */
export interface Distance<Name extends string = string> {
  readonly name: Name;
  readonly convention: string;
  readonly value: number;
}

export type CountDistanceName = keyof typeof countDistances;

interface Definition {
  readonly convention: string;
  /** Added to each cell that occurs. */
  readonly added: number;
  readonly of: (first: Shares, second: Shares) => number;
  /** The distance where f · chi-square is `x`: without drift the two are alike (Taylor at p = q). Undefined where there is no such law. */
  readonly likeChiSquare?: (x: number) => number;
}

export const countDistances = {
  psi: { convention: 'natural logarithm, 0.5 added to each count', added: 0.5, of: psi, likeChiSquare: (x) => x },
  'kullback-leibler': {
    convention: 'first from second, natural logarithm, 0.5 added to each count',
    added: 0.5,
    of: kullbackLeibler,
    likeChiSquare: (x) => x / 2,
  },
  'jensen-shannon': {
    convention: 'distance (root of the divergence), base 2',
    added: 0,
    of: (p, q) => Math.sqrt(Math.min(1, jensenShannonDivergence(p, q) / Math.LN2)),
    likeChiSquare: (x) => Math.sqrt(x / 8 / Math.LN2),
  },
  hellinger: { convention: 'distance (root), 0 to 1', added: 0, of: hellinger, likeChiSquare: (x) => Math.sqrt(x / 8) },
  'total variation': { convention: 'half the sum of differences, 0 to 1', added: 0, of: totalVariation },
  'l-infinity': { convention: 'largest difference of shares, 0 to 1', added: 0, of: lInfinity },
} as const satisfies Record<string, Definition>;

export const definitionOf = (name: CountDistanceName): Definition => countDistances[name];

/**
 * A distance between two samples' shares, from their counts in the same cells; cells that neither has are left out.
 * Undefined for an empty sample. RangeError for counts that are not whole numbers from 0 on, lists of different length.
 */
export const distanceOfCounts = <Name extends CountDistanceName>(name: Name, first: Counts, second: Counts): Distance<Name> | undefined => {
  const counts = twoCounts(first, second);
  if (counts.sizes.includes(0)) return undefined;
  const { convention } = definitionOf(name);
  return { name, convention, value: distanceValue(name, counts.first, counts.second) };
};

export const distanceValue = (name: CountDistanceName, first: Counts, second: Counts): number => {
  const { added, of } = definitionOf(name);
  return of(shares(first, added), shares(second, added));
};

/** Each count's share of the sum, after adding the same to each. RangeError for counts that cannot be, or a sum of 0. */
export const shares = (counts: Counts, added = 0): Shares => {
  requireCounts(counts);
  const sum = counts.reduce((whole, count) => whole + count + added, 0);
  if (sum === 0) throw new RangeError('Shares need at least one observation');
  return counts.map((count) => (count + added) / sum);
};

/** The largest difference of two counts over the sum of all, on raw counts, 0 to 1; undefined where nothing was counted. Errors as `distanceOfCounts`. */
export const normalisedAbsoluteDifference = (first: Counts, second: Counts): Distance | undefined => {
  const counts = twoCounts(first, second);
  const whole = counts.sizes[0] + counts.sizes[1];
  if (whole === 0) return undefined;
  const largest = counts.first.reduce((most, count, c) => Math.max(most, Math.abs(count - counts.second[c]!)), 0);
  return { name: 'normalised absolute difference', convention: 'raw counts, over the sum of both samples', value: largest / whole };
};
