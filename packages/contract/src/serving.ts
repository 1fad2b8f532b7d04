import { type Static, Type } from 'typebox';
import { Id, Json, ModelName, Name, Nullable, Page, Text, Time, Tree, inProject, paged } from './common.ts';
import { defineRoute, withDefault } from './route.ts';

export const LogLevel = Type.Enum(['written', 'synced']);

export const Variant = Type.Object(
  {
    name: Name,
    /** `live` answers; `shadow` is asked the same, and nobody sees what it says. */
    mode: Type.Enum(['live', 'shadow']),
    /** Of the units: shares of live variants add up to one, a shadow's is how many of the requests it sees. */
    share: Type.Number(),
    model: ModelName,
    version: Type.Integer(),
    modelVersionId: Id,
    digest: Tree,
  },
  { $id: 'Variant' },
);
export type Variant = Static<typeof Variant>;

/** A variant as it is asked for. */
export const AskedVariant = Type.Object({
  name: Name,
  /** `live` where nothing is said. */
  mode: Type.Optional(Type.Enum(['live', 'shadow'])),
  /** Those of live variants add up to one. */
  share: Type.Number({ minimum: 0, maximum: 1 }),
  /** `model@alias` or `model/number`. */
  model: Text(400),
});
export type AskedVariant = Static<typeof AskedVariant>;

/** Immutable: what answers, and with which share. Another model is another deployment. */
export const Deployment = Type.Object(
  {
    id: Id,
    project: Name,
    endpoint: Name,
    number: Type.Integer(),
    variants: Type.Array(Variant),
    /** Mixed into the hash that gives a unit its variant: the same salt, the same assignment. */
    salt: Type.String(),
    /** The rollout that chose the shares. */
    rolloutId: Nullable(Id),
    /** What was asked for: `model@alias` or `model/number`, resolved once. */
    reference: Type.String(),
    log: LogLevel,
    status: Type.Enum(['starting', 'ready', 'failed', 'retired']),
    message: Nullable(Type.String()),
    createdAt: Time,
    createdBy: Type.String(),
    correlationId: Id,
  },
  { $id: 'Deployment' },
);
export type Deployment = Static<typeof Deployment>;

export const Endpoint = Type.Object(
  { id: Id, project: Name, name: Name, environment: Name, deployment: Nullable(Deployment), createdAt: Time },
  { $id: 'Endpoint' },
);
export type Endpoint = Static<typeof Endpoint>;

const Milliseconds = Nullable(Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() }));
const tally = {
  requests: Type.Integer(),
  /** By a fault of ours; what callers sent wrong, or gave up, is not among them. */
  errors: Type.Integer(),
  latencyMs: Milliseconds,
};
/** The last five minutes at an endpoint, in which a restart leaves no gap. */
export const EndpointTraffic = Type.Object(
  {
    endpoint: Name,
    /** `failed`: nothing answers, for the last deployment could not be loaded. */
    state: Type.Enum(['ready', 'starting', 'failed']),
    /** Of callers; what shadows were asked besides is not among them. */
    ...tally,
    /** Of the deployment that answers, in its order; none while nothing answers. */
    variants: Type.Array(
      Type.Object({
        name: Name,
        mode: Type.Enum(['live', 'shadow']),
        share: Type.Number(),
        version: Type.Integer(),
        ...tally,
        /** Requests that a shadow did not see because too many waited, since the start. */
        dropped: Type.Integer(),
        /** Ten seconds each, oldest first; those without a request are left out. */
        slots: Type.Array(Type.Object({ from: Time, ...tally })),
      }),
    ),
  },
  { $id: 'EndpointTraffic' },
);
export type EndpointTraffic = Static<typeof EndpointTraffic>;

export const outcomes = ['ok', 'invalid', 'error', 'timeout', 'cancelled', 'unavailable'] as const;
/** One row of one request, as it was logged (DESIGN.md, section 8). */
export const Prediction = Type.Object(
  {
    /** `<request id>.<row index>`; feedback names it. */
    id: Type.String(),
    requestId: Id,
    row: Type.Integer(),
    clientId: Nullable(Type.String()),
    project: Name,
    endpoint: Name,
    deploymentId: Nullable(Id),
    variant: Nullable(Name),
    /** The variant's share when the unit was assigned. */
    share: Nullable(Type.Number()),
    digest: Nullable(Tree),
    /** Of a shadow's answer: the prediction that the caller was given. */
    shadowOf: Nullable(Type.String()),
    unit: Nullable(Type.String()),
    subject: Nullable(Type.String()),
    inputs: Json,
    outputs: Json,
    eventTime: Time,
    arrivalTime: Time,
    latencyMs: Type.Number(),
    outcome: Type.Enum([...outcomes]),
    status: Type.Integer(),
    error: Nullable(Type.String()),
    correlationId: Nullable(Id),
  },
  { $id: 'Prediction' },
);
export type Prediction = Static<typeof Prediction>;

export const PredictionId = Type.String({ pattern: '^[0-9a-f]{32}\\.[0-9]{1,9}$' });
export const Feedback = Type.Object(
  {
    id: Id,
    project: Name,
    predictionId: PredictionId,
    /** What was true. */
    label: Json,
    comment: Nullable(Type.String()),
    /** The newest for a prediction counts; those before are kept. */
    supersedes: Nullable(Id),
    eventTime: Time,
    arrivalTime: Time,
    by: Type.String(),
  },
  { $id: 'Feedback' },
);
export type Feedback = Static<typeof Feedback>;

const endpoint = inProject({ endpoint: Name });
export const endpoints = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/endpoints',
    summary: 'List endpoints',
    tag: 'serving',
    permission: 'endpoints:read',
    params: inProject(),
    query: Type.Object(paged),
    response: Page(Endpoint),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/endpoints/:endpoint',
    summary: 'Get an endpoint and what answers there',
    tag: 'serving',
    permission: 'endpoints:read',
    params: endpoint,
    response: Endpoint,
    errors: ['not_found'],
  }),
  deploy: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/endpoints/:endpoint/deployments',
    summary: 'Deploy a model version, or several with their shares',
    tag: 'serving',
    permission: 'deployments:write',
    idempotent: true,
    params: endpoint,
    body: Type.Object({
      /** `model@alias` or `model/number`. */
      model: Type.Optional(Text(400)),
      /** Several models at once, instead of the one. A later live one keeps its units when its share is raised. */
      variants: Type.Optional(Type.Array(AskedVariant, { minItems: 1, maxItems: 20 })),
      environment: Type.Optional(Name),
      log: Type.Optional(LogLevel),
      correlationId: Type.Optional(Id),
    }),
    response: Deployment,
    status: 201,
    errors: ['invalid_request', 'not_found', 'failed_precondition', 'conflict'],
  }),
  deployments: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/endpoints/:endpoint/deployments',
    summary: 'List deployments, newest first',
    tag: 'serving',
    permission: 'endpoints:read',
    params: endpoint,
    query: Type.Object(paged),
    response: Page(Deployment),
    errors: ['invalid_request', 'not_found'],
  }),
};
export const traffic = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/traffic',
    summary: 'Requests, failures and latency of the last five minutes, by endpoint and variant',
    tag: 'serving',
    permission: 'endpoints:read',
    params: inProject(),
    query: Type.Object({ endpoint: Type.Optional(Name) }),
    response: Type.Object({ items: Type.Array(EndpointTraffic) }),
    errors: [],
  }),
};
export const predictions = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/predictions',
    summary: 'The latest predictions of an endpoint',
    tag: 'serving',
    permission: 'predictions:read',
    params: inProject(),
    query: Type.Object({
      endpoint: Name,
      limit: withDefault(Type.Integer({ minimum: 1, maximum: 500 }), 50),
      before: Type.Optional(PredictionId),
      /** With what shadows said, which no caller was given. */
      shadows: withDefault(Type.Boolean(), false),
    }),
    response: Type.Object({ items: Type.Array(Prediction) }),
    errors: ['not_found'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/predictions/:predictionId',
    summary: 'Get a logged prediction',
    tag: 'serving',
    permission: 'predictions:read',
    params: inProject({ predictionId: PredictionId }),
    response: Type.Object({ prediction: Prediction, feedback: Type.Array(Feedback) }),
    errors: ['not_found'],
  }),
};
export const feedback = {
  /** Each entry is answered for itself; what is repeated with the same label is held once. */
  give: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/feedback',
    summary: 'Say what was true of predictions',
    tag: 'monitoring',
    permission: 'feedback:write',
    params: inProject(),
    body: Type.Object({
      items: Type.Array(
        Type.Object({ predictionId: PredictionId, label: Json, comment: Type.Optional(Text(4000)), eventTime: Type.Optional(Time) }),
        { minItems: 1, maxItems: 1000 },
      ),
    }),
    response: Type.Object({
      items: Type.Array(
        Type.Object({
          predictionId: PredictionId,
          result: Type.Enum(['recorded', 'repeated', 'changed', 'unknown_prediction', 'refused']),
          message: Type.Optional(Type.String()),
        }),
      ),
    }),
    errors: [],
  }),
};
