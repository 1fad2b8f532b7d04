import type { BlobDigest, Bundle, PlannedStep, TreeDigest } from '@boucle/contract';
import type { Identity, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { Clock, Db, Events, Log, Tx } from '../platform/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Tracking } from '../tracking/index.ts';
import type { Resolved } from './cache-key.ts';
import type { PipelineRunRow } from './pipeline-run-store.ts';
import type { StepRunRow } from './step-run-store.ts';
import type { StepExecutor } from './ports.ts';

/** The code that a manifest names, and where it stood. */
export interface Sources {
  readonly bundle: Bundle;
  readonly commit: string | null;
  readonly changes: string | null;
}
export interface Conducting {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly blobs: Blobs;
  readonly executor: StepExecutor;
  readonly runs: Tracking['runs'];
  readonly versions: Pick<Registry['versions'], 'describe' | 'register'>;
  readonly sourcesOf: (project: ProjectRef, manifestId: string) => Promise<Sources>;
  readonly secretsOf: (project: ProjectRef, names: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** Where this server answers; undefined when it stops before it does. */
  readonly ownAddress: () => Promise<string | undefined>;
  readonly lendToken: Identity['lend'];
  readonly holdBlobs: (tx: Tx, projectId: string, digests: readonly (BlobDigest | TreeDigest)[]) => Promise<void>;
}

/** Everything a step's turn needs to know of the run it belongs to. */
export interface Turn {
  readonly run: PipelineRunRow;
  readonly project: ProjectRef;
  readonly planned: PlannedStep;
  readonly row: StepRunRow;
  readonly resolved: Resolved;
}

export const stateOf = ({ row, planned }: Pick<Turn, 'row' | 'planned'>) => {
  const { max = 2, on = 'infrastructure' } = planned.options.retry ?? {};
  return { status: row.status, attempt: row.attempt, retry: { max, on } };
};
export const aboutStep = ({ run, project, row }: Pick<Turn, 'run' | 'project' | 'row'>) => ({
  project,
  subject: { type: 'step-run', id: row.id },
  actor: 'system',
  correlationId: run.correlation_id,
});
