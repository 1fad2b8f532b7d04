import type { Manifest, PipelineRun, Rollout } from '@boucle/contract';
import type { Datasets } from '../datasets/index.ts';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Monitoring } from '../monitoring/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { Clock, Db, Events, Log } from '../platform/index.ts';

export interface RetrainingParts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly manifestOf: (project: ProjectRef) => Promise<Manifest | undefined>;
  readonly monitoring: Pick<Monitoring, 'labelled' | 'of'>;
  readonly datasets: Pick<Datasets, 'find' | 'append' | 'commitAppended'>;
  readonly startRun: Pipelines['start'];
  readonly runOf: (actor: Actor, id: string) => Promise<PipelineRun>;
  readonly rollouts: {
    active(project: ProjectRef, endpoint: string): Promise<Pick<Rollout, 'id'> | undefined>;
    start(actor: Actor, asked: { endpoint: string; model: string; correlationId: string; key: string }): Promise<Pick<Rollout, 'id'>>;
  };
}
