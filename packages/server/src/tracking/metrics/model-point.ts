import type { ProjectRef } from '../../governance/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { MetricPoint } from './metric-point.ts';

/** A point that a run measured of a logged model, on some data where the client says on which. */
export interface ModelPoint extends MetricPoint {
  readonly modelId: string;
  readonly runId: string;
  readonly dataset: { readonly name: string; readonly digest: string } | null;
}
/** Records them with their models, in the write that logs them to their run. */
export type MeasureModels = (tx: Tx, project: ProjectRef, points: readonly ModelPoint[]) => Promise<void>;
