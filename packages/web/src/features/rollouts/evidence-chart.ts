import type { RolloutReport } from '@boucle/contract';
import type { LineSpec } from '../../ui/chart/line-layout.ts';
import { type Range, rangeOf } from '../../ui/chart/scale.ts';

export interface EvidenceNames {
  readonly rollback: string;
  readonly promote: string;
  readonly bound: (which: 'rollback' | 'promote' | 'both', odds: number) => string;
  readonly share: (share: number) => string;
  readonly decided: string;
}
export type Shown = Pick<RolloutReport, 'series' | 'bounds' | 'verdicts'>;

/** ln E as powers of ten: the axis of the picture. */
const log10 = (ln: number): number => ln / Math.LN10;
/** The evidence as odds: 20 for 20 to 1. */
export const oddsOf = (ln: number): number => Math.exp(ln);

/** Evidence over the events that were weighed, with the bounds at which something happens and the moment at which it did. */
export const evidenceSpec = ({ series, bounds, verdicts }: Shown, names: EvidenceNames): LineSpec => {
  // Before the first event nothing is known: both begin at even odds.
  const start = series[0] && series[0].seq > 0 ? [{ ...series[0], seq: 0, rollback: 0, promote: 0 }] : [];
  const points = [...start, ...series];
  const marks: NonNullable<LineSpec['marks']>[number][] = [];
  points.forEach(({ seq, share }, i) => {
    if (i === 0 || share !== points[i - 1]?.share) marks.push({ x: seq, label: names.share(share) });
  });
  const decided = verdicts.find(({ kind }) => kind === 'promote' || kind === 'roll_back');
  if (decided) {
    const side = decided.kind === 'promote' ? 'promote' : 'rollback';
    const at = points.findLast(({ seq }) => seq <= decided.seq);
    // By hand, or by another test: then no point of these lines decided.
    const isByThis = at !== undefined && at[side] >= bounds[side] - 1e-9;
    marks.push({ x: decided.seq, label: names.decided, isStrong: true, ...(isByThis && { y: log10(at[side]) }) });
  }
  const isOne = Math.abs(bounds.rollback - bounds.promote) < 1e-9;
  const bound = (which: 'rollback' | 'promote' | 'both', ln: number) => ({ value: log10(ln), label: names.bound(which, oddsOf(ln)) });
  return {
    x: points.map(({ seq }) => seq),
    lines: [
      { name: names.promote, ink: 'ok', values: points.map(({ promote }) => log10(promote)) },
      { name: names.rollback, ink: 'broken', values: points.map(({ rollback }) => log10(rollback)) },
    ],
    thresholds: isOne
      ? [{ ...bound('both', bounds.rollback), ink: 'quiet' }]
      : [
          { ...bound('rollback', bounds.rollback), ink: 'broken' },
          { ...bound('promote', bounds.promote), ink: 'ok' },
        ],
    marks: apart(marks, points.at(-1)?.seq ?? 0),
    atLeast: [-1, log10(Math.max(bounds.rollback, bounds.promote)) + 0.3],
    yTicks: powers,
  };
};

/** Whole powers of ten, thinned where there are many. */
const powers = ([low, high]: Range): number[] => {
  const step = Math.max(1, Math.ceil((high - low) / 7));
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
};

/** Words of marks that stand too near the one before would cover it; the decision always has its word. */
const apart = <M extends { readonly x: number; readonly label: string; readonly isStrong?: boolean }>(
  marks: readonly M[],
  width: number,
): M[] => {
  const strong = marks.find(({ isStrong }) => isStrong);
  let last = Number.NEGATIVE_INFINITY;
  return marks.map((mark) => {
    const isNear = !mark.isStrong && (mark.x - last < width * 0.07 || (strong !== undefined && Math.abs(strong.x - mark.x) < width * 0.16));
    if (!isNear) last = mark.x;
    return isNear ? { ...mark, label: '' } : mark;
  });
};

/** The widest of what is shown of a ratio, around 1. */
export const ratioRange = (values: readonly (number | null)[]): Range => {
  const [low, high] = rangeOf([...values.map((value) => (value === null || value <= 0 ? null : value)), 1]) ?? [1, 1];
  const reach = Math.min(64, Math.max(2, high * 1.25, 1 / (low * 0.8)));
  return [1 / reach, reach];
};
