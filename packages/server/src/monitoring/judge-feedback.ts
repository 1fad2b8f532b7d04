import { isDeepStrictEqual } from 'node:util';
import type { Feedback, Prediction } from '@boucle/contract';

export interface GivenFeedback {
  readonly predictionId: string;
  readonly label: unknown;
  readonly comment?: string;
  readonly eventTime?: string;
}
export interface FeedbackResult {
  readonly predictionId: string;
  readonly result: 'recorded' | 'repeated' | 'changed' | 'unknown_prediction' | 'refused';
  readonly message?: string;
}
interface Known {
  readonly prediction: Prediction | undefined;
  /** The labels that the model knows; undefined for a model without. */
  readonly labels: readonly string[] | undefined;
  /** What was said of it before. */
  readonly current: Feedback | undefined;
  readonly now: Date;
}

/** Clocks of two machines differ. */
const skewMs = 5 * 60_000;

/** What becomes of one entry. */
export const judgeFeedback = (
  { predictionId, label, eventTime }: GivenFeedback,
  { prediction, labels, current, now }: Known,
): FeedbackResult => {
  const refused = (message: string): FeedbackResult => ({ predictionId, result: 'refused', message });
  if (!prediction) return { predictionId, result: 'unknown_prediction', message: 'No prediction of this id was logged in this project' };
  if (prediction.outcome !== 'ok')
    return refused(`That request was not answered (${prediction.outcome}), so there is nothing to say of its answer`);
  if (labels && !labels.includes(label as string)) {
    return refused(
      `${JSON.stringify(label)?.slice(0, 100)} is no label of this model; it knows ${labels
        .slice(0, 20)
        .map((one) => JSON.stringify(one))
        .join(', ')}`,
    );
  }
  if (eventTime !== undefined && Date.parse(eventTime) > now.getTime() + skewMs)
    return refused(`${eventTime} lies in the future: check the clock`);
  if (!current) return { predictionId, result: 'recorded' };
  return { predictionId, result: isDeepStrictEqual(current.label, label) ? 'repeated' : 'changed' };
};

/** Whether the prediction said what was true. */
export const agrees = ({ outputs }: Prediction, label: unknown): boolean =>
  typeof outputs === 'object' && outputs !== null && isDeepStrictEqual((outputs as { label?: unknown }).label, label);
