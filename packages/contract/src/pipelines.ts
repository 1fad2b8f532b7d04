import { type Static, Type } from 'typebox';
import { AnyDigest, Id, Json, Name, Nullable, Ordinal, Page, Text, Time, Tree, inProject, paged } from './common.ts';
import { Plan } from './projects.ts';
import { defineRoute, withDefault } from './route.ts';

export const stepStatuses = ['waiting', 'queued', 'running', 'succeeded', 'cached', 'failed', 'cancelled', 'lost'] as const;
export const StepStatus = Type.Enum([...stepStatuses]);
export type StepStatus = Static<typeof StepStatus>;
export const pipelineRunStatuses = ['running', 'succeeded', 'failed', 'cancelled'] as const;
export const PipelineRunStatus = Type.Enum([...pipelineRunStatuses]);

/** What a step hands over: a folder in the store, named by what it says rather than how it is laid out. */
export const StepArtifact = Type.Object(
  {
    kind: Type.Enum(['table', 'file', 'folder', 'model', 'value']),
    /** `rows:` of a table, `blob:` of a value or file, `tree:` of a folder or model. What cache keys and lineage see. */
    digest: AnyDigest,
    /** The folder that holds it. */
    tree: Tree,
    rows: Type.Optional(Type.Integer()),
    value: Type.Optional(Json),
  },
  { $id: 'StepArtifact' },
);
export type StepArtifact = Static<typeof StepArtifact>;

/** A step that did not succeed is data, not an exception. */
export const Failure = Type.Object(
  {
    kind: Type.Enum(['user', 'infrastructure', 'timeout', 'cancelled']),
    retryable: Type.Boolean(),
    message: Type.String(),
    /** Where it happened: file and line in the project's own sources, where known. */
    where: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
  },
  { $id: 'Failure' },
);
export type Failure = Static<typeof Failure>;

/** The parts of a cache key, each as it entered. */
export const CacheKeyParts = Type.Object(
  {
    code: Type.String(),
    inputs: Type.Record(Type.String(), Type.Array(Type.String())),
    params: Type.Record(Type.String(), Json),
    environment: Type.Record(Type.String(), Type.String()),
    runtime: Type.Record(Type.String(), Type.String()),
    salt: Type.String(),
  },
  { $id: 'CacheKeyParts' },
);
export type CacheKeyParts = Static<typeof CacheKeyParts>;

export const StepRun = Type.Object(
  {
    id: Id,
    project: Name,
    pipelineRunId: Id,
    /** The step's id in the plan. */
    step: Name,
    status: StepStatus,
    attempt: Type.Integer(),
    cacheKey: Type.Union([Type.String(), Type.Null()]),
    /** For `cached`: the step run whose outputs these are. */
    cachedFrom: Type.Union([Id, Type.Null()]),
    runId: Type.Union([Id, Type.Null()]),
    outputs: Type.Record(Type.String(), StepArtifact),
    failure: Type.Union([Failure, Type.Null()]),
    progress: Type.Union([Type.Object({ done: Type.Number(), total: Type.Optional(Type.Number()) }), Type.Null()]),
    queuedAt: Type.Union([Time, Type.Null()]),
    startedAt: Type.Union([Time, Type.Null()]),
    endedAt: Type.Union([Time, Type.Null()]),
  },
  { $id: 'StepRun' },
);
export type StepRun = Static<typeof StepRun>;

export const PipelineInput = Type.Object({ dataset: Name, number: Type.Integer(), digest: AnyDigest });
export const PipelineRun = Type.Object(
  {
    id: Id,
    project: Name,
    pipeline: Name,
    number: Type.Integer(),
    status: PipelineRunStatus,
    manifestId: Id,
    plan: Plan,
    params: Type.Record(Type.String(), Json),
    inputs: Type.Record(Type.String(), PipelineInput),
    runId: Type.Union([Id, Type.Null()]),
    steps: Type.Array(StepRun),
    outputs: Type.Record(Type.String(), Json),
    startedAt: Time,
    endedAt: Type.Union([Time, Type.Null()]),
    startedBy: Type.String(),
    correlationId: Id,
  },
  { $id: 'PipelineRun' },
);
export type PipelineRun = Static<typeof PipelineRun>;
export const PipelineRunSummary = Type.Object(
  {
    id: Id,
    project: Name,
    pipeline: Name,
    number: Type.Integer(),
    status: PipelineRunStatus,
    startedAt: Time,
    endedAt: Type.Union([Time, Type.Null()]),
    correlationId: Id,
  },
  { $id: 'PipelineRunSummary' },
);
export type PipelineRunSummary = Static<typeof PipelineRunSummary>;

export const Pipeline = Type.Object(
  { project: Name, name: Name, manifestId: Id, plan: Plan, lastRun: Type.Union([PipelineRunSummary, Type.Null()]) },
  { $id: 'Pipeline' },
);
export type Pipeline = Static<typeof Pipeline>;

/** Why a step ran, or did not: this key beside the nearest earlier one of the same step. */
export const Why = Type.Object(
  {
    stepRunId: Id,
    status: StepStatus,
    verdict: Type.Enum(['cached', 'first', 'changed', 'uncached', 'outputs_missing', 'same']),
    parts: Type.Union([CacheKeyParts, Type.Null()]),
    comparedWith: Type.Union([Id, Type.Null()]),
    /** One entry for each part that differs, with both values. */
    changes: Type.Array(Type.Object({ part: Type.String(), before: Json, now: Json })),
    sentence: Type.String(),
  },
  { $id: 'Why' },
);
export type Why = Static<typeof Why>;

export const Backfill = Type.Object(
  {
    pipeline: Name,
    items: Type.Array(
      Type.Object({
        due: Time,
        /** `new` has no run yet. */
        status: Type.Enum(['new', 'waiting', 'started', 'failed']),
        pipelineRunId: Nullable(Id),
      }),
    ),
  },
  { $id: 'Backfill' },
);
export type Backfill = Static<typeof Backfill>;

const run = inProject({ pipelineRunId: Id });
const stepRun = inProject({ stepRunId: Id });
export const pipelines = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/pipelines',
    summary: 'List the pipelines of the manifest in force',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: inProject(),
    response: Type.Object({ items: Type.Array(Pipeline) }),
    errors: ['not_found'],
  }),
  run: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/pipelines/:pipeline/runs',
    summary: 'Run a pipeline',
    tag: 'pipelines',
    permission: 'pipelines:run',
    idempotent: true,
    params: inProject({ pipeline: Name }),
    body: Type.Object({
      params: withDefault(Type.Record(Type.String(), Json), {}),
      /** Version numbers; the latest where none is said. */
      inputs: withDefault(Type.Record(Type.String(), Ordinal), {}),
      /** Mixed into every key: another salt, another computation. */
      salt: withDefault(Text(250), ''),
      /** Carry out every step even where its outputs are held already. */
      cache: withDefault(Type.Boolean(), true),
      correlationId: Type.Optional(Id),
    }),
    response: PipelineRun,
    status: 202,
    errors: ['invalid_request', 'not_found', 'conflict', 'unavailable'],
  }),
  backfill: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/pipelines/:pipeline/backfills',
    summary: 'Run a pipeline for each due time of its schedule in the past that had no run',
    tag: 'pipelines',
    permission: 'pipelines:run',
    params: inProject({ pipeline: Name }),
    body: Type.Object({
      /** Both belong to it. */
      from: Time,
      to: Time,
      /** Say what would be run, and run nothing. */
      dryRun: withDefault(Type.Boolean(), false),
    }),
    response: Backfill,
    status: 202,
    errors: ['invalid_request', 'not_found', 'failed_precondition'],
  }),
};
export const pipelineRuns = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/pipeline-runs',
    summary: 'List pipeline runs, newest first',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: inProject(),
    query: Type.Object({ ...paged, pipeline: Type.Optional(Name) }),
    response: Page(PipelineRunSummary),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/pipeline-runs/:pipelineRunId',
    summary: 'Get a pipeline run with its steps',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: run,
    response: PipelineRun,
    errors: ['not_found'],
  }),
  cancel: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/pipeline-runs/:pipelineRunId/cancel',
    summary: 'Cancel a pipeline run',
    tag: 'pipelines',
    permission: 'pipelines:run',
    params: run,
    response: PipelineRun,
    errors: ['not_found', 'failed_precondition'],
  }),
};
export const stepRuns = {
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/step-runs/:stepRunId',
    summary: 'Get a step run',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: stepRun,
    response: StepRun,
    errors: ['not_found'],
  }),
  why: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/step-runs/:stepRunId/why',
    summary: 'Which part of the cache key changed',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: stepRun,
    response: Why,
    errors: ['not_found'],
  }),
  log: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/step-runs/:stepRunId/log',
    summary: 'The log of an attempt from an offset on',
    tag: 'pipelines',
    permission: 'pipelines:read',
    params: stepRun,
    query: Type.Object({
      attempt: Type.Optional(Ordinal),
      offset: withDefault(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), 0),
      limit: withDefault(Type.Integer({ minimum: 1, maximum: 1_048_576 }), 65536),
    }),
    response: Type.Object({
      attempt: Type.Integer(),
      text: Type.String(),
      offset: Type.Integer(),
      nextOffset: Type.Integer(),
      complete: Type.Boolean(),
    }),
    errors: ['not_found'],
  }),
};
