import type { Prediction, Variant } from '@boucle/contract';
import { readable } from './columns/part-counts.ts';
import type { PredictionFacts } from './feedback-store.ts';
import { labelText } from './label-text.ts';

/** Longer values are no slices. */
const sliceLetters = 100;

/** What is kept of a prediction beside what was said of it, so that windows need not look for it again. */
export const predictionFacts = (
  { outputs, inputs, variant, shadowOf, eventTime }: Prediction,
  made: Variant | undefined,
): PredictionFacts => {
  const { label, score } = (outputs ?? {}) as { label?: unknown; score?: unknown };
  return {
    predicted: label === undefined ? null : labelText(label),
    score: typeof score === 'number' && Number.isFinite(score) ? score : null,
    variant,
    mode: shadowOf === null ? 'live' : 'shadow',
    modelVersionId: made?.modelVersionId ?? null,
    // Whatever way it was written: times are compared as text.
    time: new Date(eventTime).toISOString(),
    slices: Object.fromEntries(
      Object.entries(readable(inputs) ?? {}).flatMap(([column, value]) => {
        const text = sliceValue(value);
        return text !== null && text.length <= sliceLetters ? [[column, text]] : [];
      }),
    ),
  };
};

/** Null for what has no value to be a slice by. */
export const sliceValue = (value: unknown): string | null =>
  value === null || value === undefined || typeof value === 'object' ? null : typeof value === 'string' ? value : JSON.stringify(value);
