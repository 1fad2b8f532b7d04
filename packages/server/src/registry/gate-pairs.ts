import type { Gate } from '@boucle/contract';
import { normalQuantile } from '@boucle/statistics';
import { alphaOf, type Judged } from './gate-estimate.ts';
import { type Cell, type JudgedRow, labelMetric, lossName, metricName } from './gate-metric.ts';
import { counted, labelsOf, lossesOf, total } from './gate-rows.ts';
import { type Difference, fewestRows, jackknife, meanDifference, shareDifference } from './paired-difference.ts';

export interface Pair {
  readonly candidate: JudgedRow;
  readonly champion: JudgedRow;
}

/** The same row under the same label: one whose label was mended since is no pair. */
export const pairsOf = (candidate: readonly JudgedRow[], champion: readonly JudgedRow[]): Pair[] => {
  const before = new Map(champion.map((row) => [row.row, row]));
  return candidate.flatMap((row) => {
    const other = before.get(row.row);
    return other?.actual === row.actual ? [{ candidate: row, champion: other }] : [];
  });
};

/** Positive where the candidate is better. */
export const differenceOf = (
  gate: Gate,
  pairs: readonly Pair[],
  { candidate, champion }: { candidate: Judged; champion: Judged },
): Difference | null => {
  const name = metricName(gate.metric, gate.of);
  const alpha = alphaOf(gate);
  if (name === lossName) return lossDifference(pairs, { candidate, champion, alpha });
  const rows = pairs.flatMap((pair) => [pair.candidate, pair.champion]);
  const metric = labelMetric(name, labelsOf([...(candidate.labels ?? []), ...(champion.labels ?? [])], rows));
  if (!metric) return null;
  const cells = pairedCells(pairs);
  if (metric.kind === 'share' && isOfActual(metric.counts, cells)) {
    const counted = cells.filter((cell) => metric.counts(cell.actual, cell.candidate));
    const hits = (of: 'candidate' | 'champion') => (cell: PairedCell) => metric.hits(cell.actual, cell[of]);
    const [ours, theirs] = [hits('candidate'), hits('champion')];
    const rows = total(counted);
    if (rows === 0) return null;
    return shareDifference(
      {
        rows,
        gained: total(counted.filter((cell) => ours(cell) && !theirs(cell))),
        lost: total(counted.filter((cell) => theirs(cell) && !ours(cell))),
      },
      alpha,
    );
  }
  const value = metric.kind === 'score' ? metric.of : shareOf(metric);
  const concerns = metric.kind === 'score' ? metric.concerns : metric.counts;
  const concerned = total(cells.filter(({ actual, candidate: a, champion: b }) => concerns(actual, a) || concerns(actual, b)));
  if (concerned < fewestRows) return null;
  const side = (of: 'candidate' | 'champion', counts: readonly number[]) =>
    value(cells.map((cell, i) => ({ actual: cell.actual, label: cell[of], count: counts[i]! })));
  return jackknife(
    cells.map(({ count }) => count),
    (counts) => {
      const [ours, theirs] = [side('candidate', counts), side('champion', counts)];
      return ours === null || theirs === null ? null : ours - theirs;
    },
    { alpha, concerned },
  );
};

/** Whether the rows that count are the same for both, whatever they say: then the shares are paired. */
const isOfActual = (counts: (actual: string, label: string) => boolean, cells: readonly PairedCell[]): boolean =>
  cells.every(({ actual, candidate, champion }) => counts(actual, candidate) === counts(actual, champion));

const shareOf =
  ({ counts, hits }: { counts: (actual: string, label: string) => boolean; hits: (actual: string, label: string) => boolean }) =>
  (cells: readonly Cell[]): number | null => {
    const counted = cells.filter(({ actual, label }) => counts(actual, label));
    const trials = total(counted);
    return trials === 0 ? null : total(counted.filter(({ actual, label }) => hits(actual, label))) / trials;
  };

const lossDifference = (
  pairs: readonly Pair[],
  { candidate, champion, alpha }: { candidate: Judged; champion: Judged; alpha: number },
): Difference | null => {
  const ours = pairs.map((pair) => pair.candidate);
  const theirs = pairs.map((pair) => pair.champion);
  const mine = lossesOf(ours, labelsOf(candidate.labels ?? [], ours).length);
  const other = lossesOf(theirs, labelsOf(champion.labels ?? [], theirs).length);
  if (!mine || !other || pairs.length < fewestRows) return null;
  const found = meanDifference(
    mine.map((loss, i) => other[i]! - loss),
    alpha,
  );
  if (!found) return null;
  // Two that never differ are not known to be equal: so much one more row could add, at the largest loss that was seen.
  const z = normalQuantile(1 - alpha);
  const half = Math.max(found.high - found.value, ((z * z) / (pairs.length + z * z)) * spread([...mine, ...other]));
  return { value: found.value, low: found.value - half, high: found.value + half };
};

const spread = (numbers: readonly number[]): number => {
  const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, n) => sum + (n - mean) ** 2, 0) / numbers.length);
};

interface PairedCell {
  readonly actual: string;
  readonly candidate: string;
  readonly champion: string;
  readonly count: number;
}
const pairedCells = (pairs: readonly Pair[]): PairedCell[] =>
  counted(pairs.map(({ candidate, champion }) => ({ actual: candidate.actual, candidate: candidate.label, champion: champion.label })));
