import { randomInt } from 'node:crypto';
import {
  AppError,
  type Endpoint,
  invalid,
  type ModelVersion,
  parseModelReference,
  requireFiles,
  type Rollout,
  type RolloutRequest,
  type RolloutVersion,
} from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { newId } from '../platform/index.ts';
import { beginComparison } from './comparison.ts';
import { firstDigest } from './facts.ts';
import { policyOf } from './policy.ts';
import { findEndpoint, type RolloutParts } from './ports.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { atStart } from './stages.ts';

export interface StartRequest {
  readonly endpoint: string;
  /** `model@alias` or `model/number`; the newest version of the endpoint's model where nothing is said. */
  readonly model?: string | undefined;
  readonly kind?: Rollout['kind'] | undefined;
  /** In place of what the endpoint declares. */
  readonly policy?: RolloutRequest | undefined;
  readonly correlationId?: string | undefined;
  readonly key?: string | undefined;
}
type Fresh = Omit<RolloutRecord, 'number'>;

/** The rollout as it would begin: candidate, baseline and a policy that is complete. Refuses what makes no sense. */
export const createPlanRollout =
  (parts: RolloutParts) =>
  async (actor: Actor, request: StartRequest): Promise<Fresh> => {
    const { clock, declaredEndpoint, resolveModel, newestVersion } = parts;
    const { project } = actor;
    const { endpoint: name, kind = 'canary' } = request;
    const [declared, endpoint] = await Promise.all([declaredEndpoint(project, name), findEndpoint(parts, actor, name)]);
    const baseline = baselineOf(name, endpoint);
    const reference = declared?.model ?? endpoint?.deployment?.reference;
    const candidate = requireFiles(await candidateOf(request, reference));
    if (candidate.id === baseline?.modelVersionId) throw alreadyThere(candidate, name);
    if (kind !== 'canary' && baseline === null) throw nothingToCompare(kind, name);
    const seed = request.policy?.seed ?? randomInt(2 ** 32);
    const policy = policyOf({ kind, declared, request: request.policy ?? {}, baseline: baseline?.modelVersionId ?? null, seed });
    const current = endpoint?.deployment?.id;
    return {
      id: newId(),
      project,
      endpoint: name,
      kind,
      candidate: { modelVersionId: candidate.id, model: candidate.model, version: candidate.number },
      baseline,
      alias: aliasFor(reference, candidate),
      startedAt: clock.now().toISOString(),
      startedBy: actor.id,
      correlationId: request.correlationId ?? candidate.correlationId,
      policy,
      revision: 1,
      gates: null,
      approvalId: null,
      status: 'running',
      message: 'The gates are being judged',
      control: atStart,
      comparison: beginComparison(policy),
      pending: [],
      digest: firstDigest(policy),
      chunks: 0,
      verdicts: 0,
      logCursor: null,
      labelCursor: 0,
      routes: current === undefined ? [] : [{ deploymentId: current, share: 0 }],
      endedAt: null,
    };

    async function candidateOf({ model }: StartRequest, declaredReference: string | undefined): Promise<ModelVersion> {
      if (model !== undefined) return resolveModel(project, model);
      const known = declaredReference === undefined ? undefined : parseModelReference(declaredReference);
      if (known) return newestVersion(project, known.model);
      throw new AppError(
        'failed_precondition',
        `The manifest declares no endpoint ${name}: say which model, as name@alias or name/number`,
        {
          reason: 'endpoint_not_declared',
        },
      );
    }
  };

const baselineOf = (name: string, endpoint: Endpoint | undefined): RolloutVersion | null => {
  const deployment = endpoint?.deployment;
  if (!deployment || (deployment.status !== 'ready' && deployment.status !== 'starting')) return null;
  const live = deployment.variants.filter(({ mode, share }) => mode === 'live' && share > 0);
  const [only] = live;
  if (!only || live.length > 1) {
    throw new AppError('failed_precondition', `Several versions answer at ${name}: deploy one of them first`, { reason: 'endpoint_split' });
  }
  return { modelVersionId: only.modelVersionId, model: only.model, version: only.version };
};

/** The alias that the endpoint follows, which a promotion moves. */
const aliasFor = (reference: string | undefined, candidate: ModelVersion): string | null => {
  const known = reference === undefined ? undefined : parseModelReference(reference);
  if (!known || !('alias' in known)) return null;
  if (known.model === candidate.model) return reference!;
  throw invalid(
    `The endpoint follows ${reference}, and ${candidate.model}/${candidate.number} is a version of another model: register it as one of ${known.model}`,
    'other_model',
    { reference, model: candidate.model },
  );
};

const alreadyThere = ({ model, number }: ModelVersion, endpoint: string): AppError =>
  new AppError('failed_precondition', `${model}/${number} answers at ${endpoint} already: name another version`, {
    reason: 'already_deployed',
    details: { model, number },
  });
const nothingToCompare = (kind: string, endpoint: string): AppError =>
  new AppError('failed_precondition', `Nothing answers at ${endpoint} yet, so ${kind} has nothing to compare with: leave the kind out`, {
    reason: 'nothing_deployed',
  });
