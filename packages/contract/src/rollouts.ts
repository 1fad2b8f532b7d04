import { Type } from 'typebox';
import { Id, Name, Nullable, Page, Text, inProject, paged } from './common.ts';
import { RolloutEvidence, RolloutReport, RolloutVerification } from './rollout-evidence.ts';
import { Rollout } from './rollout-life.ts';
import { rolloutKinds, RolloutRequest } from './rollout-policy.ts';
import { defineRoute, withDefault } from './route.ts';

const one = inProject({ rolloutId: Id });
const byHand = Type.Object({ reason: Type.String({ pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$', maxLength: 2000 }) });
const action = <const Verb extends string, const Summary extends string>(verb: Verb, summary: Summary) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/projects/:project/rollouts/:rolloutId/${verb}`,
    summary,
    tag: 'rollouts',
    permission: 'rollouts:write',
    params: one,
    body: byHand,
    response: Rollout,
    errors: ['not_found', 'failed_precondition'],
  });
export const rollouts = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/rollouts',
    summary: 'List rollouts, newest first',
    tag: 'rollouts',
    permission: 'rollouts:read',
    params: inProject(),
    query: Type.Object({ ...paged, endpoint: Type.Optional(Name) }),
    response: Page(Rollout),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/rollouts/:rolloutId',
    summary: 'Get a rollout: how it stands, from which evidence, and what would decide',
    tag: 'rollouts',
    permission: 'rollouts:read',
    params: one,
    response: RolloutReport,
    errors: ['not_found'],
  }),
  /** The newest version of the endpoint's model, by the endpoint's policy, where nothing else is said. */
  start: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/endpoints/:endpoint/rollouts',
    summary: 'Start the rollout of a model version',
    tag: 'rollouts',
    permission: 'rollouts:write',
    idempotent: true,
    params: inProject({ endpoint: Name }),
    body: Type.Object({
      /** `model@alias` or `model/number`. */
      model: Type.Optional(Text(400)),
      kind: Type.Optional(Type.Enum([...rolloutKinds])),
      policy: Type.Optional(RolloutRequest),
      correlationId: Type.Optional(Id),
    }),
    response: Rollout,
    status: 201,
    errors: ['invalid_request', 'not_found', 'failed_precondition', 'conflict'],
  }),
  pause: action('pause', 'Keep the share, and take no verdict in favour'),
  resume: action('resume', 'Go on after a pause'),
  promote: action('promote', 'Route everything to the candidate, by hand'),
  rollBack: action('roll-back', 'Route everything to the rollback target, by hand'),
  evidence: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/rollouts/:rolloutId/evidence',
    summary: 'The evidence of a rollout, in the order in which it was weighed',
    tag: 'rollouts',
    permission: 'rollouts:read',
    params: one,
    query: Type.Object({ ...paged, limit: withDefault(Type.Integer({ minimum: 1, maximum: 5000 }), 500) }),
    response: Type.Object({ items: Type.Array(RolloutEvidence), nextCursor: Nullable(Type.String()) }),
    errors: ['invalid_request', 'not_found'],
  }),
  verify: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/rollouts/:rolloutId/verification',
    summary: 'Replay the stored evidence, and compare the verdicts',
    tag: 'rollouts',
    permission: 'rollouts:read',
    params: one,
    response: RolloutVerification,
    errors: ['not_found'],
  }),
};
