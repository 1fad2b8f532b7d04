import type { Columns, Signature } from '@boucle/contract';

/** What a loaded model says of itself. */
export interface ModelFacts {
  readonly signature: Signature;
  readonly labels: readonly string[];
  readonly inputExample: Columns;
  /** What the trainer answered to the input example. */
  readonly expectedOutput: Columns;
}

/** Where one model version runs: a thread for pure JavaScript; a process of its own where native code could take others down. */
export interface InferenceHost {
  readonly facts: ModelFacts;
  predict(columns: Columns): Promise<Columns>;
  /** Resolves when it has ended, by itself or because it was closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}
export type OpenHost = (folder: string) => Promise<InferenceHost>;
