import type { PartKey } from '../columns/part-counts.ts';
import type { LabelledPrediction } from '../feedback-store.ts';
import type { LabelCounts } from '../judge/window-facts.ts';
import { createSlicer, partKeyText } from './slices.ts';

/** Labelled rows by part, what was said and what was true. */
export const countLabels = async (
  rows: AsyncIterable<LabelledPrediction>,
  slices: readonly string[],
  parts: readonly PartKey[],
): Promise<LabelCounts[]> => {
  const counted = new Map<string, { key: Omit<LabelCounts, 'pairs'>; pairs: Map<string, [string, string, number]> }>();
  // The same values as of the rows, so that both are about the same slices.
  const slicer = createSlicer(
    slices,
    parts.flatMap(({ slice }) => slice ?? []),
  );
  for await (const { predicted, actual, variant, mode, modelVersionId, slices: values } of rows) {
    if (predicted === null || variant === null) continue;
    for (const slice of slicer.of(values)) {
      const key = { variant, mode: mode === 'shadow' ? 'shadow' : 'live', modelVersionId, slice } as const;
      const text = partKeyText(key);
      const part = counted.get(text) ?? { key, pairs: new Map<string, [string, string, number]>() };
      counted.set(text, part);
      const pairText = JSON.stringify([predicted, actual]);
      const pair = part.pairs.get(pairText) ?? [predicted, actual, 0];
      pair[2]++;
      part.pairs.set(pairText, pair);
    }
  }
  return [...counted.values()].map(({ key, pairs }) => ({ ...key, pairs: [...pairs.values()] }));
};
