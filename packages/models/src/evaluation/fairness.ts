import { differenceOfShares, type Interval, type Proportion, proportion, type Trials } from '@boucle/statistics';
import type { Cell } from './slices/feature.ts';

/** How a model treats the rows of one group. */
export interface GroupRates {
  readonly group: string;
  readonly rows: number;
  /** The share that is said to be positive. */
  readonly selection: Proportion;
  /** The same among those that are, and among those that are not. */
  readonly truePositives: Proportion;
  readonly falsePositives: Proportion;
}
/** The largest difference of a rate between two groups: 0 is equal treatment, 1 the opposite. Null where fewer than two groups have the rate. */
export interface Gap {
  readonly value: number | null;
  /** Holds the largest difference of all pairs as often as it says. */
  readonly interval: Interval | null;
  readonly between: readonly [higher: string, lower: string] | null;
}
export interface Fairness {
  readonly column: string;
  readonly positive: string;
  readonly groups: readonly GroupRates[];
  readonly demographicParity: Gap;
  /** Of true positive rates. */
  readonly equalOpportunity: Gap;
  /** The larger of the gaps of true and of false positive rates. */
  readonly equalizedOdds: Gap;
}

interface Grouped {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  readonly positive: string;
  readonly column: string;
  readonly groups: readonly Cell[];
  readonly confidence?: number;
}
/** More are no groups of people but a key. */
const mostGroups = 50;

/**
 * Differences in treatment between groups of rows. Intervals are simultaneous: Newcombe's for each pair, at the level divided by their number;
 * the largest difference is at least each pair's low end, and at most the highest high end. Without unit.
 * Source: Hardt, Price, Srebro 2016; Newcombe 1998, method 10. RangeError for unequal lengths or more than 50 groups.
 */
export const fairness = ({ actual, predicted, positive, column, groups: cells, confidence = 0.95 }: Grouped): Fairness => {
  if (actual.length !== predicted.length || actual.length !== cells.length)
    throw new RangeError('Every row has an actual label, a predicted one and a group');
  const members = new Map<string, number[]>();
  for (const [row, cell] of cells.entries()) {
    const group = cell === null ? 'missing' : String(cell);
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  if (members.size > mostGroups)
    throw new RangeError(`The column "${column}" has ${members.size} values, which are too many for groups; ${mostGroups} may be compared`);
  const groups = [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, rows]): GroupRates => {
      const rate = (of: readonly number[]): Proportion =>
        proportion(of.filter((row) => predicted[row] === positive).length, of.length, confidence);
      return {
        group,
        rows: rows.length,
        selection: rate(rows),
        truePositives: rate(rows.filter((row) => actual[row] === positive)),
        falsePositives: rate(rows.filter((row) => actual[row] !== positive)),
      };
    });
  const gapOf = (rates: readonly Rate[]): Gap => largest(groups, rates, confidence);
  return {
    column,
    positive,
    groups,
    demographicParity: gapOf(['selection']),
    equalOpportunity: gapOf(['truePositives']),
    equalizedOdds: gapOf(['truePositives', 'falsePositives']),
  };
};

type Rate = 'selection' | 'truePositives' | 'falsePositives';

const largest = (groups: readonly GroupRates[], rates: readonly Rate[], confidence: number): Gap => {
  const pairs = rates.flatMap((rate) => {
    const having = groups.filter((group) => group[rate].trials > 0);
    return having.flatMap((one, i) => having.slice(i + 1).map((other) => ({ ends: ordered(one, other, rate), rate })));
  });
  if (pairs.length === 0) return { value: null, interval: null, between: null };
  const level = 1 - (1 - confidence) / pairs.length;
  const gaps = pairs.map(({ ends: [higher, lower], rate }) => ({
    higher,
    lower,
    ...differenceOfShares(trialsOf(higher[rate]), trialsOf(lower[rate]), level)!,
  }));
  const widest = gaps.reduce((best, gap) => (gap.value > best.value ? gap : best));
  const interval = {
    low: Math.max(0, ...gaps.map((gap) => gap.interval!.low)),
    high: Math.max(...gaps.map((gap) => gap.interval!.high)),
    confidence,
  };
  return { value: widest.value, interval, between: [widest.higher.group, widest.lower.group] };
};

const ordered = (one: GroupRates, other: GroupRates, rate: Rate): [GroupRates, GroupRates] =>
  one[rate].value! >= other[rate].value! ? [one, other] : [other, one];
const trialsOf = ({ successes, trials }: Proportion): Trials => ({ successes, trials });
