import type { Texts } from '../logged.ts';

/** Examples that an application is evaluated with; it may serve several experiments, or none yet. */
export interface EvaluationDataset {
  readonly id: string;
  readonly name: string;
  readonly experimentIds: readonly string[];
  readonly tags: Texts;
  /** Null as long as there were no records. */
  readonly fields: RecordFields | null;
  readonly records: number;
  /** Another one after each change of the records. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}
/** The kind that each field had when it came first; outputs may be one value without fields. */
export interface RecordFields {
  readonly inputs: Kinds;
  readonly outputs: Kinds | Kind;
  readonly expectations: Kinds;
}
export type Kind = 'null' | 'boolean' | 'integer' | 'float' | 'string' | 'array' | 'object';
export type Kinds = Readonly<Record<string, Kind>>;

/** One example. Its inputs name it within the dataset; all values are JSON, to be read by `exactJson`. */
export interface EvaluationRecord {
  readonly id: string;
  readonly datasetId: string;
  readonly inputs: string;
  readonly outputs: string | null;
  readonly expectations: string | null;
  readonly tags: string;
  readonly source: RecordSource | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}
export interface RecordSource {
  readonly type: string;
  readonly data: JsonObject;
}
export type JsonObject = Readonly<Record<string, unknown>>;

/** What somebody says of an example. */
export interface GivenRecord {
  readonly inputs: JsonObject;
  /** Undefined leaves what is there. */
  readonly outputs: unknown;
  readonly expectations: JsonObject | null;
  readonly tags: JsonObject | null;
  readonly source: RecordSource | null;
  readonly by: string | null;
}
