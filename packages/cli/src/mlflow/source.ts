import type { Bytes } from '@boucle/sdk';

/** What MLflow keeps, however it is read: times are epoch milliseconds, and names are MLflow's own. */
export type Texts = Readonly<Record<string, string>>;

export interface MlflowExperiment {
  readonly id: string;
  /** Where it lies, in a source that is a folder. */
  readonly folder?: string;
  readonly name: string;
  readonly isDeleted: boolean;
  readonly tags: Texts;
}
export interface MlflowDataset {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema?: string | undefined;
  readonly profile?: string | undefined;
  readonly tags: Texts;
}
export interface MlflowRun {
  readonly id: string;
  /** Where it lies, in a source that is a folder. */
  readonly folder?: string;
  readonly name: string;
  /** `RUNNING`, `SCHEDULED`, `FINISHED`, `FAILED` or `KILLED`. */
  readonly status: string;
  readonly userId: string;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly isDeleted: boolean;
  readonly params: Texts;
  readonly tags: Texts;
  /** The keys of its metrics, each with a text that changes when a point comes. */
  readonly metrics: Texts;
  readonly datasets: readonly MlflowDataset[];
  readonly artifactUri: string;
}
export interface MlflowPoint {
  readonly value: number | 'NaN';
  readonly timestamp: number;
  /** A text beyond 2^53. */
  readonly step: number | string;
}
export interface MlflowFile {
  readonly path: string;
  /** Null where only reading would tell. */
  readonly size: number | null;
  readonly open: () => Promise<Bytes>;
}
/** A model of MLflow 3 that was logged, whether or not it was registered. */
export interface MlflowLoggedModel {
  readonly id: string;
  readonly folder?: string;
  readonly name: string;
  readonly modelType: string;
  readonly sourceRunId: string;
  /** `LOGGED_MODEL_READY` and its like. */
  readonly status: string;
  readonly params: Texts;
  readonly tags: Texts;
  readonly artifactUri: string;
}
export interface MlflowModel {
  readonly name: string;
  readonly folder?: string;
  readonly description: string;
  readonly tags: Texts;
  /** Numbers of versions by alias. */
  readonly aliases: Texts;
}
export interface MlflowVersion {
  readonly number: number;
  readonly description: string;
  readonly source: string;
  readonly runId: string;
  readonly runLink: string;
  readonly stage: string;
  readonly tags: Texts;
}

/** Somewhere MLflow's records are. Everything comes piece by piece, and in an order that is the same each time. */
export interface MlflowSource {
  readonly experiments: () => AsyncIterable<MlflowExperiment>;
  /** Oldest first, so that parents come before their children. */
  readonly runs: (experiment: MlflowExperiment) => AsyncIterable<MlflowRun>;
  readonly points: (run: MlflowRun, key: string) => AsyncIterable<MlflowPoint>;
  readonly files: (run: MlflowRun) => AsyncIterable<MlflowFile>;
  readonly loggedModels: (experiment: MlflowExperiment) => AsyncIterable<MlflowLoggedModel>;
  readonly modelFiles: (model: MlflowLoggedModel) => AsyncIterable<MlflowFile>;
  readonly models: () => AsyncIterable<MlflowModel>;
  /** Lowest number first. */
  readonly versions: (model: MlflowModel) => AsyncIterable<MlflowVersion>;
  readonly close: () => void;
}
