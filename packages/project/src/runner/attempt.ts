import type { StepArtifact } from '@boucle/contract';
import type { AttemptLayout, StepSpec } from './step-spec.ts';

export interface StepHooks {
  readonly onLog?: (message: string) => void;
  readonly onProgress?: (done: number, total: number | undefined) => void;
  readonly onMetric?: (name: string, value: number, step: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** Values of the secrets that the step declares. */
  readonly secret?: (name: string) => string | undefined;
}

/** What of an input matters once it lies in its place. */
type Placed = Pick<StepArtifact, 'kind'>;
/** One step, laid out in its folder. */
export interface Attempt {
  readonly spec: Omit<StepSpec, 'inputs'> & { readonly inputs: Readonly<Record<string, readonly Placed[]>> };
  readonly layout: AttemptLayout;
  readonly hooks: StepHooks;
}
