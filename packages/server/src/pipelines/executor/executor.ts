import type { StepExecutor } from '../ports.ts';

export type AttemptState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/**
 * An engine that carries out attempts: a child process here, a cluster elsewhere. It never writes to the database.
 * `carryOut` is idempotent by the attempt's name: asked again, it joins the attempt under way or answers what came of it.
 */
export interface Executor extends StepExecutor {
  /** Some work may come soon. */
  readonly warm: () => void;
  readonly status: (name: string) => AttemptState | undefined;
  /** The attempts that are queued or running. What is not among them, though the record says so, is lost. */
  readonly list: () => readonly string[];
  readonly capacity: () => { readonly slots: number; readonly running: number; readonly waiting: number };
}
