import { AppError, type BlobDigest, type Columns, invalid, type Prediction, type Signature } from '@boucle/contract';
import { checkInput } from '@boucle/models';
import type { ProjectRef } from '../governance/index.ts';
import type { Clock, Log } from '../platform/index.ts';
import type { ModelFacts } from './inference-host.ts';
import type { PredictionLog } from './prediction-log.ts';
import { type About, answeredRows, isFault, nothingSaid, outcomeOf, type Requested, refusedRequest } from './prediction-record.ts';
import { answering, type ServedEndpoint } from './served-endpoints.ts';

/** What is read from a request once it is known for which model. */
export interface Reading {
  readonly columns: Columns;
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
  readonly model: string;
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
  log: Log;
  predictionLog: PredictionLog;
  keepBlob: (project: ProjectRef, text: string) => Promise<BlobDigest>;
  limits: PredictionLimits;
  /** After each request. */
  onCounted: (served: ServedEndpoint) => void;
}

/** Requests for predictions: read, answered, and each outcome logged before the caller hears of it. */
export const createPredictions = ({ clock, log, predictionLog, keepBlob, limits, onCounted }: Parts) => {
  const inlined = async ({ id, project }: ServedEndpoint, prediction: Prediction): Promise<Prediction> => {
    const text = JSON.stringify(prediction.inputs);
    if (text.length * 3 <= limits.inlineBytes || Buffer.byteLength(text) <= limits.inlineBytes) return prediction;
    try {
      return { ...prediction, inputs: { blob: await keepBlob(project, text), bytes: Buffer.byteLength(text) } };
    } catch (error) {
      predictionLog.lose(id, 1, error);
      throw error;
    }
  };

  /** At `written` the answer goes out even if its record is lost, which is counted; at `synced` it does not. */
  const record = async (served: ServedEndpoint, predictions: readonly Prediction[]): Promise<void> => {
    const level = served.state.kind === 'ready' ? served.state.deployment.log : 'written';
    const [{ latencyMs, outcome }] = predictions as [Prediction];
    served.window.add(clock.now().getTime(), latencyMs, isFault(outcome));
    onCounted(served);
    try {
      const kept = await Promise.all(predictions.map((prediction) => inlined(served, prediction)));
      await predictionLog.append(served.id, kept, level);
    } catch (cause) {
      if (level === 'written') return;
      throw new AppError(
        'unavailable',
        'The prediction could not be logged, and this endpoint answers only what is logged: try again later',
        {
          reason: 'prediction_not_logged',
          cause,
        },
      );
    }
  };

  return {
    predict: async (served: ServedEndpoint, call: PredictionCall): Promise<Answer> => {
      const began = performance.now();
      const arrivalTime = clock.now().toISOString();
      let about = nothingSaid;
      const requested = (): Requested => ({
        requestId: call.requestId,
        project: served.project.name,
        endpoint: served.name,
        deployment: served.state.kind === 'starting' ? undefined : served.state.deployment,
        about,
        arrivalTime,
        latencyMs: Math.round((performance.now() - began) * 1000) / 1000,
      });
      let answered: Prediction[];
      let answer: Answer;
      try {
        const said = call.said();
        about = { ...nothingSaid, ...said.about };
        const { model, deployment } = answering(served);
        const { signature } = model.facts;
        const reading = await call.read(model.facts);
        about = { ...about, ...reading.about };
        const rows = countRows(signature, reading.columns, limits.requestRows);
        const outputs = await model.predict({
          columns: reading.columns,
          rows,
          deadlineMs: Math.min(limits.deadlineMs, said.deadlineMs ?? Infinity),
          signal: call.signal,
        });
        answered = answeredRows({ ...requested(), deployment }, { inputs: reading.columns, outputs, rows });
        const [variant] = deployment.variants;
        answer = { model: variant!.model, version: variant!.version, signature, outputs, rows };
      } catch (error) {
        const failure = await record(served, [refusedRequest(requested(), { sent: call.sent(), error })]).catch(
          (reason: unknown) => reason,
        );
        if (outcomeOf(error).outcome === 'error')
          log.error('a prediction failed', { endpoint: served.name, requestId: call.requestId, error });
        throw failure ?? error;
      }
      await record(served, answered);
      return answer;
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
