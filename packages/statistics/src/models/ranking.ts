import type { Estimate } from '../estimate.ts';
import { meanEstimate } from './mean-estimate.ts';

/** One query, user or list: what was ranked for it. */
export interface RankedList {
  /** How relevant each item is, from 0; above 0 it is relevant. */
  readonly relevance: ArrayLike<number>;
  /** Higher comes first. */
  readonly scores: ArrayLike<number>;
}

export interface RankingMetrics {
  /** Normalised discounted cumulative gain of the first k: gains over log2(rank + 1), over that of the best order. */
  readonly ndcg: Estimate;
  /** Mean of the precision at each relevant item of the whole list. */
  readonly averagePrecision: Estimate;
  /** Mean of 1/rank of the first relevant item of the whole list. */
  readonly reciprocalRank: Estimate;
  /** The share of the first k that is relevant; a shorter list counts as filled up with irrelevant items. */
  readonly precision: Estimate;
  /** The share of the relevant items that is among the first k. */
  readonly recall: Estimate;
}

/**
 * How well lists are ranked: means over the lists that hold something relevant, with Student's interval over lists. Without unit, in [0, 1].
 * Equal scores: ndcg averages over all their orders (McSherry and Najork 2008); the others put the irrelevant first, so that ties never flatter.
 * Source: Järvelin and Kekäläinen 2002; Manning, Raghavan, Schütze 2008, section 8.4; Voorhees 1999 for the reciprocal rank.
 * RangeError for unequal lengths, a relevance that is negative or above 1e100, a score that is not finite, or k that is not whole and positive.
 */
export const rankingMetrics = (
  lists: readonly RankedList[],
  { k = 10, confidence = 0.95 }: { k?: number; confidence?: number } = {},
): RankingMetrics => {
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new RangeError(`Metrics of the first k need a whole number k from 1 on, not ${k}`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  lists.forEach(check);
  const useful = lists.filter(({ relevance }) => Array.from(relevance).some((gain) => gain > 0));
  const over = (name: string, valueOf: (list: RankedList) => number): Estimate => {
    const estimate = meanEstimate(Float64Array.from(useful, valueOf), { method: name, confidence, low: 0, high: 1 });
    return useful.length === 0 ? { ...estimate, why: 'no list holds anything relevant' } : estimate;
  };
  return {
    ndcg: over(`NDCG@${k}`, (list) => ndcg(list, k)),
    averagePrecision: over('mean average precision', averagePrecision),
    reciprocalRank: over('mean reciprocal rank', (list) => 1 / (1 + hits(list).indexOf(true))),
    precision: over(`precision@${k}`, (list) => countOf(hits(list).slice(0, k)) / k),
    recall: over(`recall@${k}`, (list) => countOf(hits(list).slice(0, k)) / countOf(hits(list))),
  };
};

const countOf = (flags: readonly boolean[]): number => flags.filter(Boolean).length;

/** Whether the item at each rank is relevant. */
const hits = ({ relevance, scores }: RankedList): boolean[] =>
  Array.from(scores, (score, i) => ({ score, gain: relevance[i]! }))
    .sort((a, b) => b.score - a.score || a.gain - b.gain)
    .map(({ gain }) => gain > 0);

const averagePrecision = (list: RankedList): number => {
  let found = 0;
  let sum = 0;
  for (const [i, hit] of hits(list).entries()) if (hit) sum += ++found / (i + 1);
  return sum / found;
};

const ndcg = ({ relevance, scores }: RankedList, k: number): number => {
  const items = Array.from(scores, (score, i) => ({ score, gain: relevance[i]! })).sort((a, b) => b.score - a.score);
  const discount = (rank: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0);
  let gained = 0;
  for (let start = 0; start < items.length;) {
    let [end, gains, discounts] = [start, 0, 0];
    for (; end < items.length && items[end]!.score === items[start]!.score; end++) {
      gains += items[end]!.gain;
      discounts += discount(end);
    }
    gained += (gains / (end - start)) * discounts;
    start = end;
  }
  const best = items
    .map(({ gain }) => gain)
    .sort((a, b) => b - a)
    .reduce((sum, gain, rank) => sum + gain * discount(rank), 0);
  return Math.min(1, gained / best);
};

const check = ({ relevance, scores }: RankedList, list: number): void => {
  if (relevance.length !== scores.length)
    throw new RangeError(`List ${list} has ${relevance.length} relevances, but ${scores.length} scores`);
  for (let i = 0; i < scores.length; i++) {
    if (!(relevance[i]! >= 0 && relevance[i]! <= 1e100))
      throw new RangeError(`List ${list} has the relevance ${relevance[i]}; give 0 or more`);
    if (!Number.isFinite(scores[i])) throw new RangeError(`List ${list} has a score that is not a finite number`);
  }
};
