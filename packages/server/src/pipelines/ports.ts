import type { Bundle, Failure, Metric, PlannedStep, RunResources, StepArtifact } from '@boucle/contract';

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
export type Environment = Readonly<Record<string, string>>;
export interface AttemptHooks {
  /** Answers, once the attempt stands as begun, the variables of its surroundings. It never rejects. */
  started(): Promise<Environment>;
  progressed(done: number, total?: number): void;
  measured(metrics: readonly Metric[]): void;
  /** What its processes use meanwhile; resolves once that is kept, or is not to be kept. */
  sampled(metrics: readonly Metric[]): Promise<void>;
}
export type AttemptEnd =
  | { readonly outcome: 'succeeded'; readonly outputs: Readonly<Record<string, StepArtifact>>; readonly resources: RunResources }
  | { readonly outcome: 'failed'; readonly failure: Failure; readonly resources: RunResources };

/** Of an attempt that never came to its process. */
export const noResources: RunResources = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0 };

/** Where attempts are carried out. */
export interface StepExecutor {
  /** Resolves when the attempt is over, however it ended; rejects only where the executor itself failed. */
  carryOut(spec: AttemptSpec, hooks: AttemptHooks): Promise<AttemptEnd>;
  cancel(name: string, reason: string): void;
  /** Ends what is under way, as `server_stopping`, and takes nothing more. */
  close(): Promise<void>;
  readLog(name: string, offset: number, limit: number): Promise<{ text: string; offset: number; nextOffset: number; complete: boolean }>;
}
