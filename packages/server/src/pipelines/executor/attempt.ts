import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { AppError, type Failure, type Metric, type RunResources, type TreeDigest } from '@boucle/contract';
import { type ArtifactSource, StepResult, attemptLayout, stageStep } from '@boucle/project/runner';
import { watchSystem } from '@boucle/project/system-metrics';
import { Check } from 'typebox/value';
import type { Blobs } from '../../platform/blobs/index.ts';
import { type Ended, type Limits, type ProcessPool, type Work, readLog } from '../../platform/processes/index.ts';
import { type Mask, createMask, maskStream } from '../../platform/secrets/index.ts';
import type { AttemptEnd, AttemptHooks, AttemptSpec, Environment } from '../ports.ts';
import { cancelled, failureOf } from './attempt-failure.ts';
import { type LoggedMetric, isChildMessage } from './child-message.ts';
import { collectOutputs } from './collect-outputs.ts';
import { memoryBytesOf, timeoutMsOf } from './step-limits.ts';
import { stepSpecOf } from './step-spec.ts';

export interface Attempt {
  readonly spec: AttemptSpec;
  readonly hooks: AttemptHooks;
  /** Made for the attempt and removed after it. */
  readonly folder: string;
  /** Stays, and lies where no step's own folder is. */
  readonly logFile: string;
  readonly blobs: Blobs;
  readonly pool: ProcessPool;
  /** Where the step names none. */
  readonly limits: Limits;
  /** Between two looks at what the step's processes use; 0 for none. */
  readonly lookMs: number;
  readonly cancelled: AbortSignal;
  /** Variables that the child gets beside its own. */
  readonly environment: Environment;
}

/** Lays the step out, has a child carry it out, and takes in what it left. */
export const carryOutAttempt = async (attempt: Attempt): Promise<AttemptEnd> => {
  const { spec, folder, environment } = attempt;
  const mask = createMask(Object.entries({ ...spec.secrets, ...tokensIn(environment) }));
  let resources: RunResources = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0 };
  const failed = (failure: Failure): AttemptEnd => ({
    outcome: 'failed',
    failure: { ...failure, message: mask(failure.message, true).text },
    resources,
  });
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const limits = limitsOf(attempt);
    const step = stepSpecOf(spec, limits);
    await stageStep(step, sourceOf(attempt.blobs), folder);
    const { ended, said } = await runChild(attempt, limits, mask);
    resources = { wallSeconds: ended.wallSeconds, cpuSeconds: ended.cpuSeconds, peakMemoryBytes: ended.peakMemoryBytes };

    // A child that was stopped may have left a result in the same moment; that it was stopped is what counts.
    if (ended.cause === 'cancelled') return failed(whyStopped(attempt.cancelled));
    const byItself = ended.cause === 'exit' || ended.cause === 'crashed';
    const written = await readResult(folder);
    const result = byItself ? (written ?? said) : undefined;
    if (byItself && !(await isThere(folder))) return failed(folderGone(result));
    if (result?.status === 'failed') return failed(result.failure);
    // A success counts only as a file: it is written last, when all outputs are there.
    if (!result || result === said) return failed({ ...(await whyNoResult(ended, limits, attempt)), ...placeIn(written) });
    const outputs = await collectOutputs(step, result.outputs, attempt);
    return { outcome: 'succeeded', outputs, resources };
  } catch (error) {
    if (attempt.cancelled.aborted) return failed(whyStopped(attempt.cancelled));
    if (!(error instanceof AppError)) throw error;
    return failed(ourFailure(error));
  } finally {
    // Something that the step left behind may still write into it. What came out of the step stands all the same; the next start clears up.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
};

interface ChildEnd {
  readonly ended: Ended;
  /** What the child said its result was; the file counts, where there is one. */
  readonly said: StepResult | undefined;
}

const runChild = async (
  { spec, hooks, folder, logFile, pool, cancelled, environment, lookMs }: Attempt,
  limits: Limits,
  mask: Mask,
): Promise<ChildEnd> => {
  cancelled.throwIfAborted();
  let said: StepResult | undefined;
  const onMessage = (message: unknown, work: Work) => {
    if (!isChildMessage(message)) return;
    if ('progress' in message) hooks.progressed(message.progress.done, message.progress.total);
    else if ('metrics' in message) hooks.measured(message.metrics.map(metricOf));
    else {
      said = message.done;
      work.finish();
    }
  };
  const work = await pool.run(
    { run: folder, secrets: spec.secrets, environment },
    { limits, logFile, createMask: () => maskStream(() => mask), onMessage },
  );
  const cancel = () => work.cancel('cancelled');
  cancelled.addEventListener('abort', cancel);
  if (cancelled.aborted) cancel();
  const stopLooking = lookMs === 0 ? undefined : watchSystem({ use: work.use, folder, everyMs: lookMs, log: hooks.sampled });
  const ended = await work.ended.finally(() => {
    stopLooking?.();
    cancelled.removeEventListener('abort', cancel);
  });
  return { ended, said };
};

/** They end with the attempt, and are nobody's to read even so. */
const tokensIn = ({ BOUCLE_TOKEN }: Environment): Environment => (BOUCLE_TOKEN === undefined ? {} : { BOUCLE_TOKEN });

const limitsOf = ({ spec: { step }, limits }: Attempt): Limits => ({
  ...limits,
  wallMs: timeoutMsOf(step.options) ?? limits.wallMs,
  memoryBytes: memoryBytesOf(step.options) ?? limits.memoryBytes,
});

const metricOf = ({ name, value, step = 0, time }: LoggedMetric): Metric => ({ key: name, value: value ?? 'NaN', step, time });

const sourceOf = (blobs: Blobs): ArtifactSource => ({ read: (blob) => blobs.read(blob), tree: (tree) => blobs.tree(tree as TreeDigest) });

/** Written whole or not at all; what does not read as one is none. */
const readResult = async (folder: string): Promise<StepResult | undefined> => {
  const file = attemptLayout(folder).result;
  try {
    if ((await stat(file)).size > largestResult) return undefined;
    const result: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Check(StepResult, result) ? result : undefined;
  } catch {
    return undefined; // missing, or written by somebody else
  }
};

const whyNoResult = async (ended: Ended, limits: Limits, { logFile }: Attempt): Promise<Failure> => {
  const { size } = await stat(logFile);
  const { text } = await readLog(logFile, Math.max(0, size - 8192), 8192);
  return failureOf(ended, { limits, logTail: text });
};

/** One that was stopped in a loop has left where that is. */
const placeIn = (result: StepResult | undefined): Pick<Failure, 'where'> =>
  result?.status === 'failed' && result.failure.where !== undefined ? { where: result.failure.where } : {};

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );

const folderGone = (said: StepResult | undefined): Failure => {
  const more = said?.status === 'failed' ? said.failure : undefined;
  return {
    kind: 'user',
    retryable: false,
    reason: 'attempt_folder_gone',
    message: `The step removed the folder it works in, and its outputs with it${more ? `: ${more.message}` : ''}`,
    ...(more?.where !== undefined && { where: more.where }),
  };
};

/** A person's wish, or an AppError where we ourselves could not go on. */
export const whyStopped = ({ reason }: AbortSignal): Failure =>
  reason instanceof AppError ? ourFailure(reason) : cancelled(String(reason));

/** What failed around the step: bytes that are missing or damaged, a full disk, a child that does not start; or outputs that cannot be taken in. */
const ourFailure = ({ code, message, reason }: AppError): Failure => ({
  kind: code === 'invalid_request' ? 'user' : 'infrastructure',
  retryable: code === 'unavailable',
  message,
  ...(reason !== undefined && { reason }),
});

const largestResult = 64 * 2 ** 20;
