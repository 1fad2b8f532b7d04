import type { ModelComparison } from '@boucle/contract';
import type { Ink, LineSpec } from '../../ui/chart/line-layout.ts';

/** One colour for each approach, the same all over the page; more than there are colours begin again. */
export const inks: readonly Ink[] = ['baseline', 'candidate', 'third', 'quiet'];
export const inkOf = (place: number): Ink => inks[place % inks.length]!;

/** A line for each approach over the rows that it learned from, each with the band of its interval. */
export const curveSpec = ({ approaches }: Pick<ModelComparison, 'approaches'>): LineSpec => {
  const x = [...new Set(approaches.flatMap(({ curve }) => curve.map(({ rows }) => rows)))].sort((a, b) => a - b);
  const pointsOf = ({ curve }: (typeof approaches)[number]) => x.map((rows) => curve.find((point) => point.rows === rows)?.quality);
  return {
    x,
    xTicks: x,
    lines: approaches.map((one, i) => ({ name: one.name, ink: inkOf(i), values: pointsOf(one).map((point) => point?.value ?? null) })),
    bands: approaches.map((one, i) => ({
      ink: inkOf(i),
      low: pointsOf(one).map((point) => point?.interval?.[0] ?? null),
      high: pointsOf(one).map((point) => point?.interval?.[1] ?? null),
    })),
  };
};
