import { AppError, type Deployment } from '@boucle/contract';
import { systemActor } from '../governance/index.ts';
import type { Decided } from './decide.ts';
import type { RolloutParts } from './ports.ts';
import { type RolloutChange, type RolloutRecord } from './rollout-record.ts';
import { advance, type Move, promoted } from './stages.ts';

/** What comes of a stage before any request is routed; undefined while it waits for somebody or something else. */
export interface Prepared {
  readonly decided: Decided;
  readonly change?: RolloutChange;
  readonly leaveRouting: boolean;
}

const to = (stage: Move['stage'], status: Move['status'] = 'running'): Move => ({ stage, step: 0, share: 0, found: false, status });
const without = (kind: Decided['kind'], message: string, move: Move): Prepared => ({
  decided: { kind, message, move },
  leaveRouting: true,
});

/** Gates, people, loading: each ends with a verdict that leads to the next. */
export const createPrepare = (parts: RolloutParts) => {
  const { db, approvals, serving } = parts;

  const gates = async (record: RolloutRecord): Promise<Prepared> => {
    const { project, candidate, baseline, endpoint, policy, correlationId } = record;
    if (policy.gates.length === 0) return without('gates', 'The endpoint asks for no gates', to('approval'));
    const version = await parts.versionById(project, candidate.modelVersionId);
    const champion = baseline && (await parts.versionById(project, baseline.modelVersionId));
    const judged = await parts.judgeGates(systemActor(project), { version, champion, endpoint, gates: policy.gates, correlationId });
    const missed = judged.gates.filter(({ verdict }) => verdict !== 'passed');
    const prepared = judged.passed
      ? without('gates', `All ${judged.gates.length} gates are passed`, to('approval'))
      : without('gates', `Not let in: ${missed.map(({ message }) => message).join('; ')}`, to('ended', 'refused'));
    return { ...prepared, change: { gates: judged.gates } };
  };

  const approval = async (record: RolloutRecord): Promise<Prepared | { asked: RolloutChange } | undefined> => {
    const { project, policy, candidate, endpoint, number, id, startedBy, correlationId } = record;
    if (policy.approvals.count === 0) return without('approval', 'Nobody has to agree', to('loading'));
    const subject = { type: 'rollout', id };
    const found = await approvals.of(project, subject);
    if (!found) {
      const version = await parts.versionById(project, candidate.modelVersionId);
      const asked = await db.write((tx) =>
        approvals.ask(tx, {
          actor: { ...systemActor(project), id: startedBy },
          subject,
          needed: policy.approvals.count,
          fourEyes: policy.approvals.fourEyes,
          message: `Roll out ${candidate.model}/${candidate.version} to ${endpoint} (rollout ${number})`,
          authors: [...new Set([startedBy, version.createdBy])],
          correlationId,
        }),
      );
      return { asked: { approvalId: asked.id, message: `Waits for ${policy.approvals.count} to agree` } };
    }
    const voices = found.votes.map(({ by, comment }) => (comment ? `${by} (${comment})` : by)).join(', ');
    if (found.status === 'given') return without('approval', `Agreed: ${voices}`, to('loading'));
    if (found.status === 'open') return undefined;
    return without('approval', `Not agreed to by ${found.votes.find(({ approve }) => !approve)?.by ?? 'anybody'}`, to('ended', 'refused'));
  };

  /** Beside what answers, and without a share of it, until it is warm. */
  const load = async (record: RolloutRecord): Promise<Prepared | undefined> => {
    const { project, endpoint, candidate, baseline, policy, correlationId, routes, id, startedBy } = record;
    const named = ({ model, version }: { model: string; version: number }): string => `${model}/${version}`;
    const expectDeploymentId = routes[0]?.deploymentId;
    let deployment: Deployment;
    try {
      deployment = await serving.deploy(
        { ...systemActor(project), id: startedBy },
        {
          endpoint,
          ...(baseline
            ? {
                variants: [
                  { name: 'baseline', share: 1, model: named(baseline) },
                  { name: 'candidate', share: 0, model: named(candidate) },
                ],
              }
            : { model: named(candidate) }),
          salt: policy.salt,
          rolloutId: id,
          correlationId,
          key: `rollout-${id}`,
          ...(expectDeploymentId !== undefined && { expectDeploymentId }),
        },
      );
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      if (error.reason === 'deployment_moved') return superseded;
      return without('failed', error.message, to('ended', 'failed'));
    }
    if (deployment.status === 'starting') return undefined;
    if (deployment.status === 'retired') return superseded;
    if (deployment.status === 'failed') return without('failed', deployment.message ?? 'It could not be loaded', to('ended', 'failed'));
    const change = { routes: [...routes, { deploymentId: deployment.id, share: 0 }] };
    if (!baseline) {
      const message = 'Nothing answered there before: the version is live';
      return { decided: { kind: 'promote', message, move: promoted(policy) }, change, leaveRouting: false };
    }
    const move = advance({ stage: 'loading', step: 0 }, policy);
    const kind = move.stage === 'watch' || move.stage === 'ended' ? 'promote' : 'load';
    const message =
      kind === 'load' ? 'The candidate is loaded and warm' : 'The candidate is loaded and warm: everything goes to it at once';
    return { decided: { kind, message, move }, change, leaveRouting: false };
  };
  return { gates, approval, load };
};

export const superseded: Prepared = without(
  'superseded',
  'Somebody deployed to the endpoint meanwhile: what they chose stays',
  to('ended', 'superseded'),
);
