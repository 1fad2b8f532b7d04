import { type Static, Type } from 'typebox';
import { AnyDigest, Blob, Empty, FreeName, Id, Name, Ordinal, Page, Real, RelativePath, Text, Time, inProject, paged } from './common.ts';
import { defineRoute, withDefault } from './route.ts';

export const runStatuses = ['scheduled', 'running', 'finished', 'failed', 'killed'] as const;
export const RunStatus = Type.Enum([...runStatuses]);

/** Decimal, one sequence for all projects; `0` is `Default` of project `default`. */
export const ExperimentId = Type.String({ pattern: '^[0-9]{1,18}$' });
export const Experiment = Type.Object({ id: ExperimentId, project: Name, name: FreeName, createdAt: Time }, { $id: 'Experiment' });
export type Experiment = Static<typeof Experiment>;

const logKey = '^[\\p{L}\\p{N}_/.\\- :]{1,250}$';
/** What metrics, params and tags are called. */
export const LogKey = Type.String({ pattern: logKey });
const logKeyPattern = new RegExp(logKey, 'u');
export const isLogKey = (text: string): boolean => logKeyPattern.test(text);
export const Metric = Type.Object(
  {
    key: LogKey,
    value: Real,
    step: withDefault(Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }), 0),
    /** Epoch milliseconds. */ time: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { $id: 'Metric' },
);
export type Metric = Static<typeof Metric>;
export const DatasetInput = Type.Object(
  { dataset: Name, number: Ordinal, digest: AnyDigest, context: Type.Optional(Text(250)) },
  { $id: 'DatasetInput' },
);
export type DatasetInput = Static<typeof DatasetInput>;

/** What has to be equal for the same numbers to come out again. */
export const RunEnvironment = Type.Object({
  node: Type.String(),
  platform: Type.String(),
  architecture: Type.String(),
  cpus: Type.Integer(),
  boucle: Type.String(),
});
export type RunEnvironment = Static<typeof RunEnvironment>;
export const RunResources = Type.Object({ wallSeconds: Type.Number(), cpuSeconds: Type.Number(), peakMemoryBytes: Type.Integer() });
export type RunResources = Static<typeof RunResources>;

export const Run = Type.Object(
  {
    id: Id,
    project: Name,
    experimentId: ExperimentId,
    name: Type.String(),
    status: RunStatus,
    parentRunId: Type.Union([Id, Type.Null()]),
    /** The step run that made it, where one did. */
    stepRunId: Type.Union([Id, Type.Null()]),
    startedAt: Time,
    endedAt: Type.Union([Time, Type.Null()]),
    params: Type.Record(Type.String(), Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
    /** The last value of each key, by step, then time. */
    metrics: Type.Record(Type.String(), Real),
    inputs: Type.Array(DatasetInput),
    commit: Type.Union([Type.String(), Type.Null()]),
    /** Digest of what was not committed. */
    changes: Type.Union([Blob, Type.Null()]),
    codeDigest: Type.Union([Blob, Type.Null()]),
    seed: Type.Union([Type.String(), Type.Null()]),
    environment: Type.Union([RunEnvironment, Type.Null()]),
    resources: Type.Union([RunResources, Type.Null()]),
    correlationId: Id,
  },
  { $id: 'Run' },
);
export type Run = Static<typeof Run>;

export const Artifact = Type.Object({ path: RelativePath, size: Type.Integer(), blob: Blob }, { $id: 'Artifact' });
export type Artifact = Static<typeof Artifact>;

const run = inProject({ runId: Id });
/** A key that is none is refused, not ignored. */
const closed = { additionalProperties: false, maxProperties: 1000 };
const Params = Type.Record(LogKey, Text(6000), closed);
const Tags = Type.Record(LogKey, Text(8000), closed);
export const experiments = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/experiments',
    summary: 'List experiments',
    tag: 'tracking',
    permission: 'experiments:read',
    params: inProject(),
    query: Type.Object(paged),
    response: Page(Experiment),
    errors: ['invalid_request'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/experiments',
    summary: 'Create an experiment',
    tag: 'tracking',
    permission: 'experiments:write',
    params: inProject(),
    body: Type.Object({ name: FreeName }),
    response: Experiment,
    status: 201,
    errors: ['conflict'],
  }),
};
export const runs = {
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs',
    summary: 'Start a run',
    tag: 'tracking',
    permission: 'runs:write',
    idempotent: true,
    params: inProject(),
    body: Type.Object({
      experimentId: Type.Optional(ExperimentId),
      experiment: Type.Optional(FreeName),
      name: Type.Optional(Text(250)),
      parentRunId: Type.Optional(Id),
      params: withDefault(Params, {}),
      tags: withDefault(Tags, {}),
      inputs: withDefault(Type.Array(DatasetInput, { maxItems: 1000 }), []),
      correlationId: Type.Optional(Id),
    }),
    response: Run,
    status: 201,
    errors: ['invalid_request', 'not_found', 'conflict'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/runs/:runId',
    summary: 'Get a run',
    tag: 'tracking',
    permission: 'runs:read',
    params: run,
    response: Run,
    errors: ['not_found'],
  }),
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/runs',
    summary: 'List runs, newest first',
    tag: 'tracking',
    permission: 'runs:read',
    params: inProject(),
    query: Type.Object({ ...paged, experimentId: Type.Optional(ExperimentId), parentRunId: Type.Optional(Id) }),
    response: Page(Run),
    errors: ['invalid_request'],
  }),
  /** All or nothing. A param may be said twice with one value, never with two. */
  log: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/log',
    summary: 'Log metrics, params and tags',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    body: Type.Object({
      metrics: withDefault(Type.Array(Metric, { maxItems: 10000 }), []),
      params: withDefault(Params, {}),
      tags: withDefault(Tags, {}),
      inputs: withDefault(Type.Array(DatasetInput, { maxItems: 1000 }), []),
    }),
    response: Empty,
    errors: ['invalid_request', 'not_found', 'conflict', 'failed_precondition'],
  }),
  finish: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/finish',
    summary: 'End a run',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    body: Type.Object({ status: Type.Enum(['finished', 'failed', 'killed']) }),
    response: Run,
    errors: ['not_found', 'failed_precondition'],
  }),
  history: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/runs/:runId/metrics',
    summary: 'All points of one metric',
    tag: 'tracking',
    permission: 'runs:read',
    params: run,
    query: Type.Object({
      key: LogKey,
      ...paged,
      limit: withDefault(Type.Integer({ minimum: 1, maximum: 10000 }), 1000),
    }),
    response: Type.Object({
      items: Type.Array(Type.Object({ value: Real, step: Type.Integer(), time: Type.Integer() })),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
    }),
    errors: ['invalid_request', 'not_found'],
  }),
  artifacts: {
    list: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/runs/:runId/artifacts',
      summary: 'List the artifacts of a run',
      tag: 'tracking',
      permission: 'runs:read',
      params: run,
      response: Type.Object({ items: Type.Array(Artifact) }),
      errors: ['not_found'],
    }),
    put: defineRoute({
      kind: 'upload',
      method: 'PUT',
      path: '/api/v1/projects/:project/runs/:runId/artifact',
      summary: 'Add an artifact to a run',
      tag: 'tracking',
      permission: 'runs:write',
      params: run,
      query: Type.Object({ path: RelativePath }),
      response: Artifact,
      errors: ['invalid_request', 'not_found', 'failed_precondition', 'too_large', 'unavailable'],
    }),
    get: defineRoute({
      kind: 'download',
      method: 'GET',
      path: '/api/v1/projects/:project/runs/:runId/artifact',
      summary: 'Read an artifact',
      tag: 'tracking',
      permission: 'runs:read',
      params: run,
      query: Type.Object({ path: RelativePath }),
      media: 'application/octet-stream',
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
  },
  /** Carries the step of a run out once more, without the cache, and compares digests. */
  reproduce: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/reproduce',
    summary: 'Run it again, and compare',
    tag: 'tracking',
    permission: 'pipelines:run',
    idempotent: true,
    params: run,
    response: Type.Object({ pipelineRunId: Id }),
    status: 202,
    errors: ['not_found', 'failed_precondition'],
  }),
  reproduction: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/runs/:runId/reproductions/:pipelineRunId',
    summary: 'What running it again gave',
    tag: 'tracking',
    permission: 'pipelines:read',
    params: inProject({ runId: Id, pipelineRunId: Id }),
    response: Type.Object({
      state: Type.Enum(['running', 'equal', 'different', 'failed']),
      outputs: Type.Array(
        Type.Object({
          output: Type.String(),
          recorded: Type.String(),
          again: Type.Union([Type.String(), Type.Null()]),
          equal: Type.Boolean(),
        }),
      ),
      metrics: Type.Array(Type.Object({ key: Type.String(), recorded: Real, again: Type.Union([Real, Type.Null()]) })),
      environment: Type.Object({ recorded: Type.Union([RunEnvironment, Type.Null()]), again: Type.Union([RunEnvironment, Type.Null()]) }),
    }),
    errors: ['not_found'],
  }),
};
