import { type Static, Type } from 'typebox';
import { AnyDigest, Blob, Id, Json, Name, Nullable, Real, Subject, Time, inProject } from './common.ts';
import { DatasetVersion } from './datasets.ts';
import { StepRun } from './pipelines.ts';
import { ModelVersion } from './registry.ts';
import { defineRoute, withDefault } from './route.ts';
import { Deployment, Feedback, Prediction, PredictionId } from './serving.ts';
import { Run } from './runs.ts';

/** From a prediction back to the rows it learned from. Null where the trail was never laid, as for a model from elsewhere. */
export const Trace = Type.Object(
  {
    prediction: Prediction,
    feedback: Type.Array(Feedback),
    deployment: Nullable(Deployment),
    modelVersion: Nullable(ModelVersion),
    run: Nullable(Run),
    stepRun: Nullable(StepRun),
    pipelineRunId: Nullable(Id),
    codeDigest: Nullable(Blob),
    commit: Nullable(Type.String()),
    changes: Nullable(Blob),
    datasetVersions: Type.Array(DatasetVersion),
    /** The very rows that the training step read: how many, the digest of each table, and the first few identities. */
    learnedFrom: Type.Array(
      Type.Object({ input: Type.String(), digest: AnyDigest, rows: Type.Integer(), first: Type.Array(Type.Record(Type.String(), Json)) }),
    ),
    milliseconds: Type.Number(),
  },
  { $id: 'Trace' },
);
export type Trace = Static<typeof Trace>;

/** News, numbered in commit order. Numbers skip. `data` depends on `type`; see events.ts. */
export const BoucleEvent = Type.Object(
  {
    seq: Type.Integer(),
    id: Id,
    type: Type.String(),
    subject: Subject,
    actor: Type.String(),
    correlationId: Nullable(Id),
    at: Time,
    data: Type.Record(Type.String(), Json),
  },
  { $id: 'BoucleEvent' },
);
export type BoucleEvent = Static<typeof BoucleEvent>;

const Station = Type.Enum(['ok', 'attention', 'broken', 'running', 'idle']);
/** What each station of the loop says of itself: facts only, the sentence is the reader's. */
export const Overview = Type.Object(
  {
    project: Name,
    at: Time,
    framing: Type.Object({ state: Station, problem: Type.String(), kpis: Type.Integer() }),
    datasets: Type.Object({
      state: Station,
      dataset: Nullable(Name),
      version: Nullable(Type.Integer()),
      rows: Nullable(Type.Integer()),
      repeatedKeys: Nullable(Type.Integer()),
    }),
    pipelines: Type.Object({
      state: Station,
      pipeline: Nullable(Name),
      runId: Nullable(Id),
      done: Type.Integer(),
      cached: Type.Integer(),
      steps: Type.Integer(),
      seconds: Nullable(Type.Number()),
      running: Type.Array(Type.Object({ step: Name, done: Nullable(Type.Number()), total: Nullable(Type.Number()) })),
    }),
    tracking: Type.Object({
      state: Station,
      runs: Type.Integer(),
      metric: Nullable(Type.String()),
      value: Nullable(Real),
      interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
    }),
    registry: Type.Object({
      state: Station,
      model: Nullable(Type.String()),
      version: Nullable(Type.Integer()),
      alias: Nullable(Type.String()),
    }),
    serving: Type.Object({
      state: Station,
      endpoint: Nullable(Name),
      version: Nullable(Type.Integer()),
      requests: Type.Integer(),
      errors: Type.Integer(),
      p95Ms: Nullable(Type.Number()),
    }),
    monitoring: Type.Object({
      state: Station,
      feedback: Type.Integer(),
      agreed: Type.Integer(),
      interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
    }),
    story: Nullable(Id),
  },
  { $id: 'Overview' },
);
export type Overview = Static<typeof Overview>;

/** One thing that happened, told in a sentence, with what it can be checked against. */
export const Chapter = Type.Object(
  {
    seq: Type.Integer(),
    at: Time,
    /** Of the loop: where it happened. */
    station: Type.Enum(['framing', 'datasets', 'pipelines', 'tracking', 'registry', 'governance', 'serving', 'monitoring', 'rollouts']),
    /** The event's type. */
    type: Type.String(),
    tone: Type.Enum(['plain', 'good', 'attention', 'bad']),
    sentence: Type.String(),
    /** Addresses of this API, each with what stands there. */
    evidence: Type.Array(Type.Object({ what: Type.String(), href: Type.String() })),
  },
  { $id: 'Chapter' },
);
export type Chapter = Static<typeof Chapter>;
export const Story = Type.Object(
  {
    correlationId: Id,
    /** What it is about, and how it came out. */
    title: Type.String(),
    state: Type.Enum(['running', 'good', 'attention', 'bad']),
    from: Time,
    to: Time,
    chapters: Type.Array(Chapter),
    events: Type.Array(BoucleEvent),
  },
  { $id: 'Story' },
);
export type Story = Static<typeof Story>;
/** A story in a list: what its newest chapter says. */
export const StorySummary = Type.Object(
  {
    correlationId: Id,
    title: Type.String(),
    state: Type.Enum(['running', 'good', 'attention', 'bad']),
    from: Time,
    to: Time,
    events: Type.Integer(),
  },
  { $id: 'StorySummary' },
);
export type StorySummary = Static<typeof StorySummary>;

export const reports = {
  trace: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/predictions/:predictionId/trace',
    summary: 'From a prediction back to its rows',
    tag: 'reports',
    permission: 'predictions:read',
    params: inProject({ predictionId: PredictionId }),
    response: Trace,
    errors: ['not_found'],
  }),
  overview: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/overview',
    summary: 'The loop at a glance',
    tag: 'reports',
    permission: 'projects:read',
    params: inProject(),
    response: Overview,
    errors: [],
  }),
  story: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/stories/:correlationId',
    summary: 'All that happened under one correlation id, as one account',
    tag: 'reports',
    permission: 'events:read',
    params: inProject({ correlationId: Id }),
    query: Type.Object({ limit: withDefault(Type.Integer({ minimum: 1, maximum: 1000 }), 500) }),
    response: Story,
    errors: ['not_found'],
  }),
  stories: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/stories',
    summary: 'Stories, the one with the latest news first',
    tag: 'reports',
    permission: 'events:read',
    params: inProject(),
    query: Type.Object({ limit: withDefault(Type.Integer({ minimum: 1, maximum: 100 }), 20) }),
    response: Type.Object({ items: Type.Array(StorySummary) }),
    errors: [],
  }),
};
export const events = {
  stream: defineRoute({
    kind: 'events',
    method: 'GET',
    path: '/api/v1/projects/:project/events',
    summary: 'News as it happens',
    tag: 'system',
    permission: 'events:read',
    params: inProject(),
    query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })) }),
    event: BoucleEvent,
    errors: [],
  }),
};

const BlobAmount = Type.Object({ blobs: Type.Integer(), bytes: Type.Integer() });
/** What became of the blobs: `freed` is gone, or in a dry run would be. */
export const GarbageCollection = Type.Object(
  {
    dryRun: Type.Boolean(),
    graceSeconds: Type.Integer(),
    kept: BlobAmount,
    young: BlobAmount,
    freed: BlobAmount,
    largest: Type.Array(Type.Object({ digest: Blob, size: Type.Integer(), modifiedAt: Time })),
  },
  { $id: 'GarbageCollection' },
);
export type GarbageCollection = Static<typeof GarbageCollection>;

export const system = {
  info: defineRoute({
    method: 'GET',
    path: '/api/v1/system',
    summary: 'What is running here',
    tag: 'system',
    permission: 'system:read',
    response: Type.Object({
      version: Type.String(),
      node: Type.String(),
      database: Type.Enum(['sqlite', 'postgres']),
      startedAt: Time,
      pid: Type.Integer(),
      lostPredictions: Type.Integer(),
    }),
    errors: [],
  }),
  collectGarbage: defineRoute({
    method: 'POST',
    path: '/api/v1/garbage-collections',
    summary: 'Free blobs that nothing names any more',
    tag: 'system',
    permission: 'garbage:collect',
    body: Type.Object({
      dryRun: withDefault(Type.Boolean({ description: 'Say what would be freed, and free nothing' }), false),
      graceSeconds: withDefault(
        Type.Integer({
          minimum: 3600,
          maximum: 366 * 24 * 3600,
          description: 'What was written or asked for since stays; longer than anybody takes from sending a file to naming it',
        }),
        24 * 3600,
      ),
    }),
    response: GarbageCollection,
    errors: ['conflict', 'failed_precondition'],
  }),
};
