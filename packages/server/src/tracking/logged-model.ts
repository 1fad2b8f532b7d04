import type { Texts } from './logged.ts';
import type { Step } from './metrics/metric-point.ts';

/** Files that a run called a model, with what was said and measured of it. To serve it, a version of a registered model is made of it. */
export interface LoggedModel {
  readonly id: string;
  readonly project: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
  readonly status: 'pending' | 'ready' | 'failed';
  /** Where its files lie. */
  readonly artifactUri: string;
  readonly tags: Texts;
  readonly params: Texts;
  /** The latest of each key, by run and data set. */
  readonly metrics: readonly LoggedModelMetric[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
}
export interface LoggedModelMetric {
  readonly key: string;
  /** The run that measured it. */
  readonly runId: string;
  readonly dataset: { readonly name: string; readonly digest: string } | null;
  readonly step: Step;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: number;
}
