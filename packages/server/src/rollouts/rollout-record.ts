import type { GateVerdict, Rollout, RolloutPolicy, RolloutVersion } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Position } from '../platform/segments/index.ts';
import type { Comparison } from './comparison.ts';
import type { Entry } from './evidence-entry.ts';
import type { Control } from './stages.ts';

/** A deployment that the rollout made, or let make, and the candidate's share of live requests by it. */
export interface Route {
  readonly deploymentId: string;
  readonly share: number;
}

/** A rollout as it is kept. What is after `policy` changes, always together with its revision. */
export interface RolloutRecord {
  readonly id: string;
  readonly project: ProjectRef;
  readonly endpoint: string;
  readonly number: number;
  readonly kind: Rollout['kind'];
  readonly candidate: RolloutVersion;
  readonly baseline: RolloutVersion | null;
  readonly alias: string | null;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly correlationId: string;
  readonly policy: RolloutPolicy;
  readonly revision: number;
  readonly gates: readonly GateVerdict[] | null;
  readonly approvalId: string | null;
  readonly status: Rollout['status'];
  readonly message: string;
  readonly control: Control;
  readonly comparison: Comparison;
  /** Evidence whose turn has not come: something that happened before it may still arrive. */
  readonly pending: readonly Entry[];
  /** Of all the evidence so far, beginning with the policy. */
  readonly digest: string;
  readonly chunks: number;
  readonly verdicts: number;
  readonly logCursor: Position | null;
  readonly labelCursor: number;
  readonly routes: readonly Route[];
  readonly endedAt: string | null;
}
export type RolloutChange = Partial<
  Omit<
    RolloutRecord,
    | 'id'
    | 'project'
    | 'endpoint'
    | 'number'
    | 'kind'
    | 'candidate'
    | 'baseline'
    | 'alias'
    | 'startedAt'
    | 'startedBy'
    | 'correlationId'
    | 'policy'
    | 'revision'
  >
>;

export const presentRollout = (r: RolloutRecord): Rollout => ({
  id: r.id,
  project: r.project.name,
  endpoint: r.endpoint,
  number: r.number,
  kind: r.kind,
  candidate: r.candidate,
  baseline: r.baseline,
  rollbackTarget: r.baseline,
  alias: r.alias,
  policy: r.policy,
  gates: r.gates && [...r.gates],
  approvalId: r.approvalId,
  stage: r.control.stage,
  step: r.control.step,
  share: r.control.share,
  status: r.status,
  message: r.message,
  evidence: r.comparison.seq,
  startedAt: r.startedAt,
  startedBy: r.startedBy,
  endedAt: r.endedAt,
  correlationId: r.correlationId,
});

/** What every event of a rollout says. */
export const aboutRollout = ({ id, project, correlationId }: RolloutRecord, actor = 'system') => ({
  project,
  subject: { type: 'rollout', id },
  actor,
  correlationId,
});
