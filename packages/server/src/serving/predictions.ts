import { AppError, type Columns, invalid, type Prediction, type Signature } from '@boucle/contract';
import { checkInput, withOptional } from '@boucle/models';
import type { Clock } from '../platform/index.ts';
import type { ModelFacts } from './inference-host.ts';
import { type About, answeredRows, nothingSaid, outcomeOf, type Requested, refusedRequest } from './prediction-record.ts';
import type { Recorder } from './recorder.ts';
import { requireVersion, type Route, type Routing } from './routing.ts';
import { answering, type ServedEndpoint } from './served-endpoints.ts';
import type { Rows, Shadows } from './shadows.ts';

/** What is read from a request once it is known for which model. */
export interface Reading {
  readonly columns: Columns;
  /** How many bytes said it. */
  readonly bytes: number;
  readonly about?: Partial<About>;
}
export interface PredictionCall {
  readonly requestId: string;
  /** The version that the caller insists on. */
  readonly version?: string | undefined;
  /** What was said in headers, or why it cannot be used. A deadline counts where it is shorter than the server's own. */
  said(): { readonly about?: Partial<About>; readonly deadlineMs?: number };
  /** Reads rows, or refuses them. */
  read(facts: ModelFacts): Promise<Reading>;
  /** The beginning of what was sent, for the record of a request that was not answered. */
  sent(): string | null;
  readonly signal: AbortSignal;
}
export interface Answer {
  readonly variant: string;
  readonly version: number;
  readonly signature: Signature;
  readonly outputs: Columns;
  readonly rows: number;
}
export interface PredictionLimits {
  readonly requestRows: number;
  readonly deadlineMs: number;
}
interface Parts {
  clock: Clock;
  recorder: Recorder;
  shadows: Shadows;
  limits: PredictionLimits;
}

/** Requests for predictions: read, answered, and each outcome logged before the caller hears of it. */
export const createPredictions = ({ clock, recorder, shadows, limits }: Parts) => ({
  predict: async (served: ServedEndpoint, call: PredictionCall): Promise<Answer> => {
    const { requestId, version } = call;
    const began = performance.now();
    const isOver = shadows.makeRoom();
    const arrivalTime = clock.now().toISOString();
    let about = nothingSaid;
    let routing: Routing | undefined;
    let letGo = (): void => {};
    let route: Route | undefined;
    let read: Rows | undefined;
    const requested = (): Requested => ({
      requestId,
      project: served.project.name,
      endpoint: served.name,
      deployment: routing?.deployment,
      variant: route?.variant,
      // Who insists on a version says nothing of how the shares do.
      share: version === undefined || routing?.only ? route?.variant.share : undefined,
      about,
      arrivalTime,
      latencyMs: Math.round((performance.now() - began) * 1000) / 1000,
    });
    const unit = (): string => about.unit ?? requestId;
    const answer = async (): Promise<{ answer: Answer; predictions: Prediction[] }> => {
      const said = call.said();
      about = { ...nothingSaid, ...said.about };
      routing = answering(served);
      letGo = routing.hold();
      route = version === undefined ? routing.only : requireVersion(routing, version);
      const reading = await call.read((route?.model ?? routing).facts);
      about = { ...about, ...reading.about };
      // Only now it is known which unit it is about.
      route ??= routing.routeOf(unit());
      const { facts, predict } = route.model;
      const { bytes } = reading;
      const columns = withOptional(facts.signature, reading.columns);
      const rows = countRows(facts.signature, columns, limits.requestRows);
      read = { columns, rows, bytes };
      const deadlineMs = Math.min(limits.deadlineMs, said.deadlineMs ?? Infinity);
      const outputs = await predict({ ...read, deadlineMs, signal: call.signal });
      return {
        answer: { variant: route.variant.name, version: route.variant.version, signature: facts.signature, outputs, rows },
        predictions: answeredRows(requested(), { inputs: columns, outputs, rows }),
      };
    };
    const record = (predictions: readonly Prediction[], bytes = 0): Promise<void> =>
      recorder.record({ served, level: routing?.deployment.log, variant: route?.variant, predictions, bytes });
    /** Also where the answer was an error of the model, for the shadow's may be better; not where nobody waits for one. */
    const showShadows = (outcome: Prediction['outcome']): void => {
      if (routing && read && (outcome === 'ok' || outcome === 'error'))
        shadows.show({ served, routing, unit: unit(), requested: requested(), read });
    };

    try {
      const [result] = await Promise.allSettled([answer()]);
      if (result.status === 'fulfilled') {
        await record(result.value.predictions, read!.bytes);
        showShadows('ok');
        return result.value.answer;
      }
      const error: unknown = result.reason;
      await record([refusedRequest(requested(), { sent: call.sent(), error })]);
      showShadows(outcomeOf(error).outcome);
      throw error;
    } finally {
      letGo();
      isOver();
    }
  },
});

const countRows = (signature: Signature, columns: Columns, limit: number): number => {
  const rows = checkInput(signature, columns);
  if (rows === 0) throw invalid('There are no rows to predict: send at least one', 'no_rows');
  if (rows <= limit) return rows;
  throw new AppError('too_large', `${rows} rows came in one request, and ${limit} is the most: send them in parts`, {
    reason: 'too_many_rows',
    details: { rows, limit },
  });
};
