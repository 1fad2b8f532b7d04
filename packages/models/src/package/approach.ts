import type { Columns, Explanation, Signature } from '@boucle/contract';

const tabular = ['boosted-trees', 'linear'] as const;
/** What models are for, and by what they may be trained. */
const approachNames = {
  'text-classification': ['logistic-regression', 'bilstm', 'bert'],
  'tabular-classification': tabular,
  regression: tabular,
} as const;
export type Task = keyof typeof approachNames;
export type ApproachName<T extends Task> = (typeof approachNames)[T][number];

export const isTask = (value: unknown): value is Task => typeof value === 'string' && Object.hasOwn(approachNames, value);
export const isKnownApproach = (task: Task, name: string): boolean => (approachNames[task] as readonly string[]).includes(name);

/** What answers, as its signature says: what was trained, and what is loaded from its package, alike. */
export interface Predictor {
  readonly signature: Signature;
  /** Invalid columns are refused by an AppError that names them. */
  readonly predict: (columns: Columns) => Promise<Columns>;
  /** Why it answers so, row by row. Approaches that cannot tell leave it out. */
  readonly explain?: (columns: Columns, options?: ExplainOptions) => Promise<Explanation[]>;
  /** Lets go of what it holds outside the heap, once the predictions in flight have ended. */
  readonly close: () => Promise<void>;
}

/** How one approach makes a model of its package again. `savePackage` writes one. */
export interface Approach {
  /**
   * How far an answer may be from the trainer's, relative to it where it is above 1: 0 is to the bit. Sums in float32 have another
   * order on another class of machine, as kernels are chosen by what the processor can do.
   */
  readonly tolerance: number;
  /** What does not hold together is refused with `damaged`: the files may come from anywhere. */
  readonly load: (files: PackageFiles, about: LoadContext) => Promise<Predictor>;
}

/** The files of a package by their role in `data` of MLmodel. What is read is whole: its digest was compared. */
export interface PackageFiles {
  /** Refuses more than `limit` bytes. */
  readonly bytes: (role: string, limit: number) => Promise<Buffer>;
  /** UTF-8, to the letter. */
  readonly text: (role: string, limit: number) => Promise<string>;
  readonly json: (role: string, limit: number) => Promise<unknown>;
  /** For what reads by itself: runtimes that map a large file. */
  readonly path: (role: string) => Promise<string>;
}

export interface LoadContext {
  readonly task: Task;
  /** None for a regression. */
  readonly labels: readonly string[];
  /** As MLmodel says; what `load` returns has to have the same. */
  readonly signature: Signature;
  /** What the approach had written; nothing of it has been checked. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For native runtimes. */
  readonly threads: number;
}

export interface ExplainOptions {
  /** The label that is explained; for each row the predicted one where none is given. */
  readonly label?: string;
  /** For integrals: the share of the difference between output and baseline that may stay unexplained. */
  readonly tolerance?: number;
  /** For integrals: points, at most. */
  readonly maxSteps?: number;
}
