import { type FrequentForm, type FrequentItem, type FrequentSketch, createFrequentSketch, frequentSketchFrom } from './frequent.ts';

/** Counts of categories; exact as long as there are few. */
export interface CategorySummary {
  readonly exact: boolean;
  readonly total: number;
  /** How many different ones there are; null once they are no longer all kept. */
  readonly distinct: number | null;
  /** By falling count, then by value. The true count lies from `low` to `high`. */
  readonly counts: readonly FrequentItem[];
  /** Values that are in no `low`: rare ones, and what was taken off the kept ones. 0 while exact. */
  readonly other: number;
}

export interface CategoryForm {
  readonly kind: 'categories';
  readonly version: 1;
  readonly limit: number;
  readonly frequent: FrequentForm;
}

export interface CategoryCounts {
  readonly add: (value: string, count?: number) => void;
  readonly addAll: (values: Iterable<string>) => void;
  readonly summary: () => CategorySummary;
  /** A new one over both lots of values; neither changes. RangeError for another limit. */
  readonly mergedWith: (other: CategoryCounts) => CategoryCounts;
  readonly toJSON: () => CategoryForm;
  readonly toBytes: () => Uint8Array;
}

/**
 * Counts of every category up to `limit` different ones; with more, of the frequent ones, none of them off by more than 2·total/limit.
 * Merged parts are exact if the whole is. Source: as `createFrequentSketch`. RangeError unless `limit` is even and 2 ≤ limit ≤ 2²¹.
 */
export const createCategoryCounts = ({ limit = 1000 }: { limit?: number } = {}): CategoryCounts => {
  if (limit % 2 !== 0) throw new RangeError(`The limit of exact categories is an even number, not ${limit}`);
  return over(createFrequentSketch({ size: limit / 2 }));
};

/** RangeError for a form that is no `CategoryCounts`. */
export const categoryCountsFrom = (form: CategoryForm | Uint8Array): CategoryCounts => {
  if (form instanceof Uint8Array) return over(frequentSketchFrom(form));
  if (form.kind !== 'categories' || form.version !== 1) throw new RangeError('This is no form of category counts');
  return over(frequentSketchFrom(form.frequent));
};

const over = (frequent: FrequentSketch): CategoryCounts => {
  const toJSON = (): CategoryForm => {
    const inner = frequent.toJSON();
    return { kind: 'categories', version: 1, limit: 2 * inner.size, frequent: inner };
  };
  return {
    add: frequent.add,
    addAll: frequent.addAll,
    summary: () => {
      const counts = frequent.items();
      const exact = frequent.error() === 0;
      const total = frequent.total();
      const other = total - counts.reduce((sum, { low }) => sum + low, 0);
      return { exact, total, distinct: exact ? counts.length : null, counts, other };
    },
    mergedWith: (other) => over(frequent.mergedWith(frequentSketchFrom(other.toJSON().frequent))),
    toJSON,
    toBytes: frequent.toBytes,
  };
};
