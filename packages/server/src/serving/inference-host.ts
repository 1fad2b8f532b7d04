import type { Columns, Explanation, Signature } from '@boucle/contract';

/** What a loaded model says of itself. */
export interface ModelFacts {
  readonly signature: Signature;
  readonly labels: readonly string[];
  /** Where the package holds one. */
  readonly inputExample?: Columns;
  /** What the trainer answered to the input example, where that was kept. */
  readonly expectedOutput?: Columns;
  /** How far its answer may be from that: 0 is to the bit. */
  readonly tolerance: number;
}
/** What is told of a model, without the model. */
export const factsOf = ({ signature, labels, inputExample, expectedOutput, tolerance }: ModelFacts): ModelFacts => ({
  signature,
  labels,
  tolerance,
  ...(inputExample && { inputExample }),
  ...(expectedOutput && { expectedOutput }),
});

/** What is asked beside the rows: the label that is explained, and how exactly. */
export interface ExplainOptions {
  readonly label?: string;
  readonly tolerance?: number;
  readonly maxSteps?: number;
}

export interface HostUsage {
  /** Since it was opened. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Where one model version runs: a thread for pure JavaScript; a process of its own for native code, which could take others down. */
export interface InferenceHost {
  readonly facts: ModelFacts;
  predict(columns: Columns): Promise<Columns>;
  /** Row by row; failed_precondition, `not_explainable`, of a model that cannot tell. */
  explain(columns: Columns, options: ExplainOptions): Promise<Explanation[]>;
  /** What it takes of the machine, where that can be told apart from the server. */
  usage?(): Promise<HostUsage>;
  /** Resolves when it has ended, by itself or because it was closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}
export type OpenHost = (folder: string) => Promise<InferenceHost>;
