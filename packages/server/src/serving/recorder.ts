import { AppError, type BlobDigest, type Deployment, type Prediction, type Variant } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Clock } from '../platform/index.ts';
import type { PredictionLog } from './prediction-log.ts';
import { isFault } from './prediction-record.ts';
import type { ServedEndpoint } from './served-endpoints.ts';

interface Parts {
  clock: Clock;
  predictionLog: PredictionLog;
  keepBlob: (project: ProjectRef, text: string) => Promise<BlobDigest>;
  /** Inputs of a row that are larger stand in the log as the digest of a blob. */
  inlineBytes: number;
  /** After each request. */
  onCounted: (served: ServedEndpoint) => void;
}
/** What became of a request. */
export interface Outcome {
  readonly served: ServedEndpoint;
  /** Of the deployment that was asked; an endpoint without one promises nothing. */
  readonly level: Deployment['log'] | undefined;
  readonly variant: Variant | undefined;
  readonly predictions: readonly Prediction[];
  /** Of the request, where its rows are in the predictions. */
  readonly bytes?: number;
}

/** Counts each outcome and logs it. */
export const createRecorder = ({ clock, predictionLog, keepBlob, inlineBytes, onCounted }: Parts) => {
  const withoutLargeInputs = async (project: ProjectRef, prediction: Prediction): Promise<Prediction> => {
    const text = JSON.stringify(prediction.inputs);
    const bytes = Buffer.byteLength(text);
    return bytes <= inlineBytes ? prediction : { ...prediction, inputs: { blob: await keepBlob(project, text), bytes } };
  };
  const asStored = async ({ served: { id, project }, predictions, bytes = 0 }: Outcome): Promise<readonly Prediction[]> => {
    if (bytes <= inlineBytes) return predictions;
    try {
      return await Promise.all(predictions.map((prediction) => withoutLargeInputs(project, prediction)));
    } catch (error) {
      predictionLog.lose(id, predictions.length, error);
      throw error;
    }
  };
  const count = ({ served, variant, predictions }: Outcome): void => {
    const { latencyMs, outcome, shadowOf } = predictions[0]!;
    const now = clock.now().getTime();
    if (shadowOf === null) served.window.add(now, latencyMs, isFault(outcome));
    if (variant) served.variants.of(variant).window.add(now, latencyMs, isFault(outcome));
    onCounted(served);
  };

  return {
    /** At `written` the answer goes out even if its record is lost, which is counted; at `synced` it does not. */
    record: async (outcome: Outcome): Promise<void> => {
      const { served, level = 'written' } = outcome;
      count(outcome);
      try {
        await predictionLog.append(served.id, await asStored(outcome), level);
      } catch (cause) {
        if (level === 'written') return;
        const message = 'The prediction could not be logged, and this endpoint answers only what is logged: try again later';
        throw new AppError('unavailable', message, { reason: 'prediction_not_logged', cause });
      }
    },
  };
};
export type Recorder = ReturnType<typeof createRecorder>;
