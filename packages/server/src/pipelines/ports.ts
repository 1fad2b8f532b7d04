import type {
  Bundle,
  DatasetInput,
  Failure,
  Metric,
  PlannedStep,
  RunEnvironment,
  RunResources,
  StepArtifact,
  TreeDigest,
} from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';

/** One attempt, complete enough for any machine to carry it out. */
export interface AttemptSpec {
  /** `<step run>-<attempt>`: the same name is the same attempt. */
  readonly name: string;
  readonly step: PlannedStep;
  readonly inputs: Readonly<Record<string, readonly StepArtifact[]>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly bundle: Bundle;
}
export interface AttemptHooks {
  started(): void;
  progressed(done: number, total?: number): void;
  measured(metrics: readonly Metric[]): void;
}
export type AttemptEnd =
  | { readonly outcome: 'succeeded'; readonly outputs: Readonly<Record<string, StepArtifact>>; readonly resources: RunResources }
  | { readonly outcome: 'failed'; readonly failure: Failure; readonly resources: RunResources };

/** Where attempts are carried out. */
export interface StepExecutor {
  /** Resolves when the attempt is over, however it ended; rejects only where the executor itself failed. */
  carryOut(spec: AttemptSpec, hooks: AttemptHooks): Promise<AttemptEnd>;
  cancel(name: string, reason: string): void;
  readLog(name: string, offset: number, limit: number): Promise<{ text: string; offset: number; nextOffset: number; complete: boolean }>;
}

export interface NewRun {
  readonly project: ProjectRef;
  readonly experiment: string;
  readonly name: string;
  readonly parentRunId: string | null;
  readonly stepRunId: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly inputs: readonly DatasetInput[];
  readonly commit: string | null;
  readonly changes: string | null;
  readonly codeDigest: string | null;
  readonly seed: string | null;
  readonly environment: RunEnvironment | null;
  readonly correlationId: string;
}
/** What pipelines need of tracking. */
export interface RunKeeping {
  start(tx: Tx, run: NewRun): Promise<string>;
  log(project: ProjectRef, runId: string, metrics: readonly Metric[]): Promise<void>;
  end(
    tx: Tx,
    project: ProjectRef,
    runId: string,
    end: { status: 'finished' | 'failed' | 'killed'; resources: RunResources | null },
  ): Promise<void>;
}

export interface Registration {
  readonly project: ProjectRef;
  readonly model: string;
  readonly digest: TreeDigest;
  readonly runId: string | null;
  readonly stepRunId: string | null;
  readonly report: unknown;
  readonly predictions: string | null;
  readonly alias: string | undefined;
  readonly correlationId: string;
}
/** What pipelines need of the registry: `describe` reads the package outside the write that `commit` is part of. */
export interface ModelRegistration {
  prepare(registration: Registration): Promise<(tx: Tx) => Promise<{ number: number }>>;
}
