import { AppError, type Artifact, type DatasetInput, invalid, isLogKey, type Metric, type Run } from '@boucle/contract';
import { ApiError } from './api-error.ts';
import type { Bytes } from './call.ts';
import type { Client } from './client.ts';
import { patiently } from './patiently.ts';
import { createSendQueue, type Entry } from './send-queue.ts';

export interface RunOptions {
  /** `default` where nothing is said. */
  readonly project?: string;
  /** By name; made where it is not there. */
  readonly experiment?: string;
  readonly name?: string;
  readonly parentRunId?: string;
  readonly params?: Readonly<Record<string, Said>>;
  readonly tags?: Readonly<Record<string, Said>>;
  readonly inputs?: readonly DatasetInput[];
  /** How long what was logged may wait for more; a second where nothing is said. */
  readonly flushMs?: number;
  /** How many points may wait; 100,000 where nothing is said. What comes beyond is lost, and `flush` and `end` say so. */
  readonly mostWaiting?: number;
  /** For how long a server that is away is asked again; a minute where nothing is said. */
  readonly patienceMs?: number;
  /** Measures something until it is stopped, when the run ends: in Node, `systemMetrics` of `@boucle/project/system-metrics`. */
  readonly systemMetrics?: (run: Pick<RunLogger, 'metric'>) => () => void;
}
/** Params and tags are texts: other values are written as JSON. */
export type Said = string | number | boolean | null;
export interface At {
  readonly step?: number;
  /** Epoch milliseconds; now where nothing is said. */
  readonly time?: number;
}

/** A run that is logged to. What it takes is sent in the background, in order; `flush` and `end` wait for it, and throw what went wrong. */
export interface RunLogger {
  readonly id: string;
  readonly project: string;
  readonly metric: (key: string, value: number, at?: At) => void;
  readonly metrics: (values: Readonly<Record<string, number>>, at?: At) => void;
  /** A param may be said twice with one value, never with two. */
  readonly params: (params: Readonly<Record<string, Said>>) => void;
  readonly tags: (tags: Readonly<Record<string, Said>>) => void;
  /** A file beside the run; sent at once. A stream is sent once: it cannot be read again. */
  readonly artifact: (path: string, data: Bytes) => Promise<Artifact>;
  /** Everything that was logged so far is with the server when it resolves. */
  readonly flush: () => Promise<void>;
  /** Flushes, then ends the run. The run ends too where something could not be logged; then it throws. */
  readonly end: (status?: 'finished' | 'failed' | 'killed') => Promise<Run>;
}

/**
 * Starts a run to log to.
 *
 *     const run = await startRun(client, { experiment: 'fraud', params: { lr: 0.1 } });
 *     run.metric('loss', 0.25, { step: 1 });
 *     await run.end();
 */
export const startRun = async (client: Client, options: RunOptions = {}): Promise<RunLogger> => {
  const {
    project = 'default',
    flushMs = 1000,
    mostWaiting = 100_000,
    patienceMs = 60_000,
    params,
    tags,
    inputs,
    systemMetrics,
    ...said
  } = options;
  const idempotencyKey = crypto.randomUUID();
  const body = {
    ...said,
    params: textsOf(params),
    tags: textsOf(tags),
    ...(inputs && { inputs: [...inputs] }),
  };
  const { id } = await patiently(patienceMs, () => client.runs.create({ params: { project }, body }, { idempotencyKey }));
  const where = { params: { project, runId: id } };
  const queue = createSendQueue({
    flushMs,
    mostWaiting,
    send: async (entries) => void (await patiently(patienceMs, () => client.runs.log({ ...where, body: bodyOf(entries) }))),
  });
  let ended = false;
  const put = (entry: Entry): void => {
    if (ended) throw new AppError('failed_precondition', 'The run has ended: nothing can be logged to it', { reason: 'run_ended' });
    queue.put(entry);
  };
  const metrics: RunLogger['metrics'] = (values, { step = 0, time = Date.now() } = {}) => {
    if (!Number.isSafeInteger(step)) throw invalid(`${step} is no step: it takes a whole number`, 'bad_step');
    // The time is fixed here, so that a point which is sent twice is one point.
    for (const [key, value] of Object.entries(values))
      put({ kind: 'metric', metric: { key: checkedKey(key), value: real(value), step, time } });
  };

  const metric: RunLogger['metric'] = (key, value, at) => metrics({ [key]: value }, at);
  const stopMeasuring = systemMetrics?.({ metric });
  return {
    id,
    project,
    metric,
    metrics,
    params: (more) => put({ kind: 'params', texts: textsOf(more) }),
    tags: (more) => put({ kind: 'tags', texts: textsOf(more) }),
    artifact: (path, data) => {
      const send = () => client.runs.artifacts.put({ params: where.params, query: { path }, data });
      return data instanceof ReadableStream ? send() : patiently(patienceMs, send);
    },
    flush: queue.flush,
    end: async (status = 'finished') => {
      stopMeasuring?.();
      ended = true;
      const lost = await queue.flush().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const run = await patiently(patienceMs, (isAgain) => finish(client, where.params, { status, isAgain }));
      if (lost) throw lost.error;
      return run;
    },
  };
};

/** A run around some work: it ends as failed where that throws. */
export const withRun = async <T>(client: Client, options: RunOptions, work: (run: RunLogger) => Promise<T>): Promise<T> => {
  const run = await startRun(client, options);
  let result: T;
  try {
    result = await work(run);
  } catch (error) {
    // What the work threw matters more than what could not be logged of it.
    await run.end('failed').catch(() => {});
    throw error;
  }
  await run.end();
  return result;
};

interface Finish {
  readonly status: 'finished' | 'failed' | 'killed';
  readonly isAgain: boolean;
}
const finish = async (client: Client, params: { project: string; runId: string }, { status, isAgain }: Finish): Promise<Run> => {
  try {
    return await client.runs.finish({ params, body: { status } });
  } catch (error) {
    // The first attempt may have come through, and its answer not.
    if (!isAgain || !(error instanceof ApiError && error.reason === 'run_ended')) throw error;
    return client.runs.get({ params });
  }
};

const bodyOf = (entries: readonly Entry[]) => ({
  metrics: entries.flatMap((entry) => (entry.kind === 'metric' ? [entry.metric] : [])),
  params: mergedOf(entries, 'params'),
  tags: mergedOf(entries, 'tags'),
});
const mergedOf = (entries: readonly Entry[], kind: 'params' | 'tags'): Record<string, string> =>
  Object.fromEntries(entries.flatMap((entry) => (entry.kind === kind ? Object.entries(entry.texts) : [])));

const textsOf = (said: Readonly<Record<string, Said>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(said).map(([key, value]) => [checkedKey(key), typeof value === 'string' ? value : JSON.stringify(value)]),
  );

const checkedKey = (key: string): string => {
  if (isLogKey(key)) return key;
  throw invalid(`"${key.slice(0, 100)}" is no name: it takes letters, digits and _ - . / : and spaces, 250 at most`, 'bad_key', { key });
};
/** JSON knows only finite numbers. */
const real = (value: number): Metric['value'] => (Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity'));
