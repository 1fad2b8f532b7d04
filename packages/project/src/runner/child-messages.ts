import type { StepResult } from './step-spec.ts';

/** What a step's process is told. Secrets come this way and no other: they are in no file and in no environment of its own. */
export type ToChild =
  | {
      readonly run: string;
      readonly secrets?: Readonly<Record<string, string>>;
      /** Variables for the process and what it starts: where the server is, and the Run that a client logs into. */
      readonly environment?: Readonly<Record<string, string>>;
    }
  /** Asks the step to stop; whoever asks kills the process group if it does not. */
  | { readonly cancel: string };

export interface LoggedMetric {
  readonly name: string;
  readonly value: number;
  readonly step?: number;
  /** Epoch milliseconds. */
  readonly time: number;
}
/** What it says. Its log is its standard output. */
export type FromChild =
  | { readonly ready: true }
  | { readonly progress: { readonly done: number; readonly total?: number } }
  | { readonly metrics: readonly LoggedMetric[] }
  | { readonly done: StepResult };
