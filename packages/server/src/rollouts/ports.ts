import { AppError, type DeclaredEndpoint, type Endpoint, type GateJudgement, type ModelVersion } from '@boucle/contract';
import type { Actor, Approvals, ProjectRef } from '../governance/index.ts';
import type { Monitoring } from '../monitoring/index.ts';
import type { Clock, Db, Events, Log } from '../platform/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Serving } from '../serving/index.ts';

export interface RolloutParts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly serving: Pick<Serving, 'deploy' | 'reroute' | 'tail' | 'logEnd' | 'find' | 'get'>;
  readonly monitoring: Pick<Monitoring, 'given' | 'lastGiven'>;
  readonly declaredEndpoint: (project: ProjectRef, name: string) => Promise<DeclaredEndpoint | undefined>;
  readonly resolveModel: (project: ProjectRef, reference: string) => Promise<ModelVersion>;
  /** The version with the highest number. */
  readonly newestVersion: (project: ProjectRef, model: string) => Promise<ModelVersion>;
  readonly versionById: (project: ProjectRef, id: string) => Promise<ModelVersion>;
  readonly judgeGates: (actor: Actor, asked: Parameters<Registry['gates']['judge']>[1]) => Promise<Pick<GateJudgement, 'passed' | 'gates'>>;
  readonly approvals: Pick<Approvals, 'ask' | 'of' | 'withdraw'>;
  readonly setAlias: Registry['aliases']['set'];
}

/** An endpoint with what is deployed there; undefined where there is none. */
export const findEndpoint = async (
  { serving }: Pick<RolloutParts, 'serving'>,
  actor: Actor,
  name: string,
): Promise<Endpoint | undefined> => {
  try {
    return await serving.get(actor, name);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  }
};
