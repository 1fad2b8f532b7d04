import { AppError, type BlobDigest, type Columns, type Deployment, invalid, type Prediction, type Signature } from '@boucle/contract';
import { checkInput } from '@boucle/models';
import type { ProjectRef } from '../governance/index.ts';
import type { Clock } from '../platform/index.ts';
import type { ModelFacts } from './inference-host.ts';
import type { PredictionLog } from './prediction-log.ts';
import { type About, answeredRows, isFault, nothingSaid, type Requested, refusedRequest } from './prediction-record.ts';
import { answering, type ServedEndpoint } from './served-endpoints.ts';

/** What is read from a request once it is known for which model. */
export interface Reading {
  readonly columns: Columns;
  /** How many bytes said it. */
  readonly bytes: number;
  readonly about?: Partial<About>;
}
export interface PredictionCall {
  readonly requestId: string;
  /** What was said in headers, or why it cannot be used. A deadline counts where it is shorter than the server's own. */
  said(): { readonly about?: Partial<About>; readonly deadlineMs?: number };
  /** Reads rows, or refuses them. */
  read(facts: ModelFacts): Promise<Reading>;
  /** The beginning of what was sent, for the record of a request that was not answered. */
  sent(): string | null;
  readonly signal: AbortSignal;
}
export interface Answer {
  readonly version: number;
  readonly signature: Signature;
  readonly outputs: Columns;
  readonly rows: number;
}
export interface PredictionLimits {
  readonly requestRows: number;
  readonly deadlineMs: number;
  /** Inputs of a row that are larger stand in the log as the digest of a blob. */
  readonly inlineBytes: number;
}
interface Parts {
  clock: Clock;
  predictionLog: PredictionLog;
  keepBlob: (project: ProjectRef, text: string) => Promise<BlobDigest>;
  limits: PredictionLimits;
  /** After each request. */
  onCounted: (served: ServedEndpoint) => void;
}
interface Outcome {
  readonly served: ServedEndpoint;
  /** Of the deployment that was asked; an endpoint without one promises nothing. */
  readonly level: Deployment['log'] | undefined;
  readonly predictions: readonly Prediction[];
  /** Of the request, where its rows are in the predictions. */
  readonly bytes?: number;
}

/** Requests for predictions: read, answered, and each outcome logged before the caller hears of it. */
export const createPredictions = ({ clock, predictionLog, keepBlob, limits, onCounted }: Parts) => {
  const withoutLargeInputs = async (project: ProjectRef, prediction: Prediction): Promise<Prediction> => {
    const text = JSON.stringify(prediction.inputs);
    const bytes = Buffer.byteLength(text);
    return bytes <= limits.inlineBytes ? prediction : { ...prediction, inputs: { blob: await keepBlob(project, text), bytes } };
  };
  const asStored = async ({ served: { id, project }, predictions, bytes = 0 }: Outcome): Promise<readonly Prediction[]> => {
    if (bytes <= limits.inlineBytes) return predictions;
    try {
      return await Promise.all(predictions.map((prediction) => withoutLargeInputs(project, prediction)));
    } catch (error) {
      predictionLog.lose(id, predictions.length, error);
      throw error;
    }
  };

  /** At `written` the answer goes out even if its record is lost, which is counted; at `synced` it does not. */
  const record = async (outcome: Outcome): Promise<void> => {
    const { served, level = 'written', predictions } = outcome;
    const [first] = predictions;
    served.window.add(clock.now().getTime(), first!.latencyMs, isFault(first!.outcome));
    onCounted(served);
    try {
      await predictionLog.append(served.id, await asStored(outcome), level);
    } catch (cause) {
      if (level === 'written') return;
      const message = 'The prediction could not be logged, and this endpoint answers only what is logged: try again later';
      throw new AppError('unavailable', message, { reason: 'prediction_not_logged', cause });
    }
  };

  return {
    predict: async (served: ServedEndpoint, call: PredictionCall): Promise<Answer> => {
      const began = performance.now();
      const arrivalTime = clock.now().toISOString();
      let about = nothingSaid;
      let deployment: Deployment | undefined;
      let letGo = (): void => {};
      const requested = (): Requested => ({
        requestId: call.requestId,
        project: served.project.name,
        endpoint: served.name,
        deployment,
        about,
        arrivalTime,
        latencyMs: Math.round((performance.now() - began) * 1000) / 1000,
      });
      const answer = async (): Promise<Pick<Outcome, 'predictions' | 'bytes'> & { answer: Answer }> => {
        const said = call.said();
        about = { ...nothingSaid, ...said.about };
        const asked = answering(served);
        ({ deployment } = asked);
        letGo = asked.model.hold();
        const { facts, predict } = asked.model;
        const reading = await call.read(facts);
        about = { ...about, ...reading.about };
        const { columns, bytes } = reading;
        const rows = countRows(facts.signature, columns, limits.requestRows);
        const deadlineMs = Math.min(limits.deadlineMs, said.deadlineMs ?? Infinity);
        const outputs = await predict({ columns, rows, bytes, deadlineMs, signal: call.signal });
        return {
          answer: { version: deployment.variants[0]!.version, signature: facts.signature, outputs, rows },
          predictions: answeredRows(requested(), { inputs: columns, outputs, rows }),
          bytes,
        };
      };

      const [result] = await Promise.allSettled([answer()]);
      letGo();
      const level = deployment?.log;
      if (result.status === 'fulfilled') {
        await record({ served, level, ...result.value });
        return result.value.answer;
      }
      const { reason: error } = result as { reason: unknown };
      await record({ served, level, predictions: [refusedRequest(requested(), { sent: call.sent(), error })] });
      throw error;
    },
  };
};

const countRows = (signature: Signature, columns: Columns, limit: number): number => {
  const rows = checkInput(signature, columns);
  if (rows === 0) throw invalid('There are no rows to predict: send at least one', 'no_rows');
  if (rows <= limit) return rows;
  throw new AppError('too_large', `${rows} rows came in one request, and ${limit} is the most: send them in parts`, {
    reason: 'too_many_rows',
    details: { rows, limit },
  });
};
