import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  type BlobDigest,
  type Failure,
  type Metric,
  type Run,
  type StepArtifact,
  type StepRun,
  type TreeDigest,
} from '@boucle/contract';
import { seedOf } from '@boucle/project/runner';
import { type LentToken, systemActor } from '../governance/index.ts';
import { attemptRunOf, logsFromTheStart } from './attempt-run.ts';
import { attemptStore } from './attempt-store.ts';
import { cacheStore } from './cache-store.ts';
import { endRun } from './end-run.ts';
import { endStep } from './end-step.ts';
import { holdValues } from './made-artifacts.ts';
import { type StepRunRow, stepRunStore } from './step-run-store.ts';
import { stepCaller, surroundingsOf } from './surroundings.ts';
import { type AttemptEnd, type AttemptHooks, type Environment, noResources } from './ports.ts';
import { decideStep, type StepEvent } from './step.ts';
import { type Conducting, type Sources, type Turn, aboutStep, stateOf } from './turn.ts';

/** One attempt as it stands in the database: the row as last written, and its Run once it has one. */
interface Standing {
  readonly turn: Turn;
  readonly number: number;
  readonly sources: Sources;
  /** Ends with the attempt. */
  readonly token: LentToken;
  row: StepRunRow;
  ofRun: Pick<Run, 'id' | 'experimentId'> | null;
}

const runStatus = { succeeded: 'finished', failed: 'failed', cancelled: 'killed' } as const;
const progressEveryMs = 500;
const nameOf = (stepRunId: string, number: number): string => `${stepRunId}-${number}`;

/** The attempts under way: begins them, records what they say, and commits what they bring, once, if they are still the ones that count. */
export const createAttempts = (deps: Conducting, { settled }: { settled: () => void }) => {
  const { db, events, clock, log, executor, blobs } = deps;
  const underWay = new Map<string, Promise<void>>();
  const cancelled = new Map<string, string>();
  const progress = new Map<string, NonNullable<StepRun['progress']>>();
  const closing = new AbortController();

  const begin = (turn: Turn): void => {
    const { id } = turn.row;
    const name = nameOf(id, turn.row.attempt + 1);
    const attempt = carryOut(turn, name)
      .catch((error: unknown) => log.error('an attempt could not be recorded', { attempt: name, error }))
      .finally(() => {
        underWay.delete(id);
        cancelled.delete(name);
        progress.delete(id);
        if (!closing.signal.aborted) settled();
      });
    underWay.set(id, attempt);
  };

  const carryOut = async (turn: Turn, name: string): Promise<void> => {
    const sources = await deps.sourcesOf(turn.project, turn.run.manifest_id);
    const token = deps.lendToken(stepCaller(turn));
    const standing: Standing = { turn, number: turn.row.attempt + 1, sources, token, row: turn.row, ofRun: null };
    // What is written of one attempt is written in the order in which it happened, and the end after all of it.
    let written: Promise<unknown> = Promise.resolve();
    const inOrder = (write: () => Promise<unknown>): Promise<unknown> => {
      written = written
        .then(() => untilStored(write))
        .catch((error: unknown) => log.error('news of an attempt was lost', { attempt: name, error }));
      return written;
    };
    const sayProgress = throttled(progressEveryMs, (done: number, total?: number) => {
      void inOrder(() =>
        db.write((tx) =>
          events.record(tx, {
            ...aboutStep(turn),
            type: 'step_run.progressed',
            data: { ...stepData(turn), done, ...(total !== undefined && { total }) },
          }),
        ),
      );
    });
    const end = await attemptOf(standing, name, {
      started: async () => {
        await inOrder(() => start(standing));
        return environmentOf(standing);
      },
      progressed: (done, total) => {
        progress.set(turn.row.id, { done, ...(total !== undefined && { total }) });
        sayProgress(done, total);
      },
      measured: (metrics) => void inOrder(() => measure(standing, metrics)),
      sampled: async (metrics) => void (await inOrder(() => keepSample(standing, metrics))),
    }).finally(token.end);
    await written;
    await untilStored(() => settle(standing, end));
  };

  const attemptOf = async ({ turn, sources }: Standing, name: string, hooks: AttemptHooks): Promise<AttemptEnd> => {
    const { row, planned, resolved, project } = turn;
    try {
      const secrets = await deps.secretsOf(project, planned.secrets);
      await holdValues(blobs, Object.values(resolved.inputs).flat());
      const reason = cancelled.get(name);
      if (reason !== undefined)
        return { outcome: 'failed', failure: { kind: 'cancelled', retryable: false, message: reason }, resources: noResources };
      const { inputs, params } = resolved;
      return await executor.carryOut(
        { name, step: planned, inputs, params, seed: seedOf(row.cache_key!), secrets, bundle: sources.bundle },
        hooks,
      );
    } catch (error) {
      return { outcome: 'failed', failure: failureOf(error), resources: noResources };
    }
  };

  const start = (standing: Standing): Promise<void> =>
    db.write(async (tx) => {
      const { turn, number, row } = standing;
      const steps = stepRunStore(tx);
      const at = clock.now().toISOString();
      const begun = { status: decideStep(stateOf(turn), { kind: 'started' }).status, attempt: number, started_at: at };
      // First of all: an attempt that does not count any more gets no Run.
      if (!(await steps.move(row, begun))) return;
      const ofRun = logsFromTheStart(turn) ? await startRun(standing) : null;
      const runId = ofRun?.id ?? null;
      const now = { ...row, ...begun, run_id: runId };
      if (runId !== null) await steps.move(now, { run_id: runId });
      await attemptStore(tx).begin({ step_run_id: row.id, number, run_id: runId, started_at: at });
      await events.record(tx, { ...aboutStep(turn), type: 'step_run.started', data: { ...stepData(turn), attempt: number } });
      Object.assign(standing, { row: now, ofRun });
    });

  const startRun = ({ turn, number, sources }: Standing): Promise<Run> =>
    deps.runs.start(systemActor(turn.project), attemptRunOf(turn, number, sources));

  const environmentOf = async ({ turn, token, ofRun }: Standing): Promise<Environment> =>
    surroundingsOf({ address: await deps.ownAddress(), token: token.token, project: turn.project, run: ofRun });

  const measure = async (standing: Standing, metrics: readonly Metric[]): Promise<void> => {
    const { turn, row } = standing;
    standing.ofRun ??= await db.write(async (tx) => {
      const run = await startRun(standing);
      await stepRunStore(tx).move(row, { run_id: run.id });
      return run;
    });
    await deps.runs.log(systemActor(turn.project), standing.ofRun.id, { metrics });
  };

  /** For these alone no Run is made, and one that somebody has ended or deleted takes no more. */
  const keepSample = async ({ turn, ofRun }: Standing, metrics: readonly Metric[]): Promise<void> => {
    if (!ofRun) return;
    await deps.runs.log(systemActor(turn.project), ofRun.id, { metrics }).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
    });
  };

  /** Fenced: what an attempt brings counts only while the step run still names that attempt. */
  const settle = async ({ turn, number, row, ofRun }: Standing, end: AttemptEnd): Promise<void> => {
    const runId = ofRun?.id ?? null;
    const stored = end.outcome === 'succeeded' ? await bytesOf(Object.values(end.outputs)) : [];
    await db.write(async (tx) => {
      const { run, project } = turn;
      const at = clock.now();
      const failure = end.outcome === 'succeeded' ? null : end.failure;
      const outputs = end.outcome === 'succeeded' ? { ...end.outputs } : null;
      const seen = { ...stateOf(turn), status: row.status, attempt: number };
      const { status, retryAfterMs } = decideStep(seen, eventOf(failure));
      const change = {
        status,
        attempt: number,
        flight: null,
        failure,
        ...(outputs && { outputs }),
        ...(retryAfterMs !== undefined && { not_before: new Date(at.getTime() + retryAfterMs).toISOString() }),
      };
      const moved = await endStep(tx, { events, at }, { about: { run, project, row }, change });
      const outcome = !moved || failure?.kind === 'cancelled' ? 'cancelled' : failure ? 'failed' : 'succeeded';
      await attemptStore(tx).end(row.id, number, { status: outcome, ended_at: at.toISOString(), failure, run_id: runId });
      if (runId) await endRun(deps.runs, project, { id: runId, status: runStatus[outcome], resources: end.resources });
      if (!moved || !outputs) return;
      await deps.holdBlobs(tx, run.project_id, stored);
      if (row.flight !== null)
        await cacheStore(tx).keep({
          project_id: run.project_id,
          key: row.flight,
          step_run_id: row.id,
          outputs,
          created_at: at.toISOString(),
        });
    });
  };

  /** All that a project has to be allowed to read for these: the folders, and the files in them. */
  const bytesOf = async (artifacts: readonly StepArtifact[]): Promise<(BlobDigest | TreeDigest)[]> => {
    const trees = artifacts.map(({ tree }) => tree as TreeDigest);
    const entries = await Promise.all(trees.map((tree) => blobs.tree(tree)));
    return [...trees, ...entries.flat().map(({ blob }) => blob)];
  };

  /** A database that cannot write for now must not lose what an attempt brought. */
  const untilStored = async (write: () => Promise<unknown>): Promise<void> => {
    for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
      try {
        await write();
        return;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
        log.warn('an attempt waits for the database', { error });
        await sleep(wait, undefined, { signal: closing.signal });
      }
    }
  };

  return {
    begin,
    cancel: (row: StepRunRow, reason: string): void => {
      const name = nameOf(row.id, row.status === 'queued' ? row.attempt + 1 : row.attempt);
      cancelled.set(name, reason);
      executor.cancel(name, reason);
    },
    progressOf: (stepRunId: string): StepRun['progress'] => progress.get(stepRunId) ?? null,
    close: async (): Promise<void> => {
      closing.abort();
      await Promise.allSettled(underWay.values());
    },
  };
};
export type Attempts = ReturnType<typeof createAttempts>;

const stepData = ({ run, planned }: Turn) => ({ pipelineRunId: run.id, step: planned.id });

/** A server that stops in good order loses its attempts as a killed one does: they are no fault of the step's. */
const eventOf = (failure: Failure | null): StepEvent => {
  if (failure === null) return { kind: 'succeeded' };
  return failure.reason === 'server_stopping' ? { kind: 'lost' } : { kind: 'failed', failure };
};

const failureOf = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : String(error);
  const passing = !(error instanceof AppError) || error.code === 'unavailable';
  return {
    kind: 'infrastructure',
    retryable: passing,
    message,
    reason: error instanceof AppError && error.reason !== undefined ? error.reason : 'executor_failed',
  };
};

const throttled = <Args extends readonly unknown[]>(ms: number, act: (...args: Args) => void) => {
  let last = -Infinity;
  return (...args: Args): void => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    act(...args);
  };
};
