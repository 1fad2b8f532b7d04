import type { AttemptLayout, StepSpec } from './step-spec.ts';

export interface StepHooks {
  readonly onLog?: (message: string) => void;
  readonly onProgress?: (done: number, total: number | undefined) => void;
  readonly onMetric?: (name: string, value: number, step: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** Values of the secrets that the step declares. */
  readonly secret?: (name: string) => string | undefined;
}

/** One step, laid out in its folder. */
export interface Attempt {
  readonly spec: StepSpec;
  readonly layout: AttemptLayout;
  readonly hooks: StepHooks;
}
