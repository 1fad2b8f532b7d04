import { type Static, Type } from 'typebox';
import { Blob, Empty, FreeName, Id, Name, Nullable, Page, Real, RelativePath, Text, Time, inProject, paged } from './common.ts';
import { ExperimentId } from './experiments.ts';
import { LogKey, Metric, Point, DatasetInput, LoggedDataset, closedKeys, Tags, view, searched } from './logged.ts';
import { defineRoute, withDefault } from './route.ts';

export const runStatuses = ['scheduled', 'running', 'finished', 'failed', 'killed'] as const;
export const RunStatus = Type.Enum([...runStatuses]);

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
    /** While it is set, the run takes nothing, and can be brought back. */
    deletedAt: Nullable(Time),
    /** Who a client says ran it. */
    userId: Nullable(Type.String()),
    /** Where a client of MLflow keeps its artifacts; null where Boucle does. */
    artifactUri: Nullable(Type.String()),
    params: Type.Record(Type.String(), Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
    /** The last value of each key, by step, then time. */
    metrics: Type.Record(Type.String(), Real),
    inputs: Type.Array(DatasetInput),
    datasets: Type.Array(LoggedDataset),
    /** Ids of logged models that it used. */
    modelInputs: Type.Array(Type.String()),
    /** Logged models that it made. */
    modelOutputs: Type.Array(Type.Object({ modelId: Type.String(), step: Type.Integer() })),
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
/** A line of a folder; what lies in a folder below is asked for by that folder's path. */
export const ArtifactEntry = Type.Object(
  { path: RelativePath, kind: Type.Enum(['file', 'folder']), size: Nullable(Type.Integer()), blob: Nullable(Blob) },
  { $id: 'ArtifactEntry' },
);
export type ArtifactEntry = Static<typeof ArtifactEntry>;

const run = inProject({ runId: Id });
const Params = Type.Record(LogKey, Text(6000), closedKeys);
const RunName = Type.String({ pattern: '^[^\\u0000]+$', maxLength: 250 });
const someExperiments = Type.Optional(Type.Array(ExperimentId, { maxItems: 10_000 }));
/** A run may have thousands of keys, and a table shows ten. */
const Wanted = Type.Object({
  metrics: Type.Array(LogKey, { maxItems: 1000 }),
  params: Type.Array(LogKey, { maxItems: 1000 }),
  tags: Type.Array(LogKey, { maxItems: 1000 }),
});

export const runs = {
  /** Of the experiments that are named, or of all. */
  search: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/search',
    summary: 'Search runs by a filter, in any order',
    tag: 'tracking',
    permission: 'runs:read',
    params: inProject(),
    /** Where `only` is said, runs come with these of their metrics, params and tags, else with all. */
    body: Type.Object({ experimentIds: someExperiments, ...searched, only: Type.Optional(Wanted) }),
    response: Page(Run),
    errors: ['invalid_request'],
  }),
  count: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/count',
    summary: 'Count the runs that a filter finds, and all there are',
    tag: 'tracking',
    permission: 'runs:read',
    params: inProject(),
    body: Type.Object({ experimentIds: someExperiments, filter: searched.filter, view }),
    response: Type.Object({ found: Type.Integer(), all: Type.Integer() }),
    errors: ['invalid_request'],
  }),
  /** What a table of runs may show, and be filtered and ordered by. */
  keys: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/run-keys',
    summary: 'List the keys of metrics, params or tags that runs have',
    tag: 'tracking',
    permission: 'runs:read',
    params: inProject(),
    query: Type.Object({
      kind: Type.Enum(['metric', 'param', 'tag']),
      /** Ids, with commas between them; all experiments where none are said. */
      experiments: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}(,[0-9]{1,18}){0,199}$' })),
      /** A part of the key, in any case. */
      part: withDefault(Text(250), ''),
      ...paged,
      // A key of 250 signs makes a long cursor.
      cursor: Type.Optional(Type.String({ maxLength: 4000 })),
    }),
    response: Page(Type.Object({ key: Type.String() })),
    errors: ['invalid_request'],
  }),
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
    errors: ['invalid_request', 'not_found', 'conflict', 'failed_precondition'],
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
  update: defineRoute({
    method: 'PATCH',
    path: '/api/v1/projects/:project/runs/:runId',
    summary: 'Rename a run',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    body: Type.Object({ name: RunName }),
    response: Run,
    errors: ['not_found', 'failed_precondition'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/runs/:runId',
    summary: 'Delete a run, until it is restored or purged',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    response: Run,
    errors: ['not_found'],
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/restore',
    summary: 'Bring a deleted run back',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    response: Run,
    errors: ['not_found', 'failed_precondition'],
  }),
  /** Not where a step of a pipeline made it: that is a record. */
  purge: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/purge',
    summary: 'Delete a deleted run for good, with all that was logged to it',
    tag: 'tracking',
    permission: 'runs:write',
    params: run,
    response: Empty,
    errors: ['not_found', 'failed_precondition'],
  }),
  /** Labels, which a run that has ended takes too. */
  tags: {
    set: defineRoute({
      method: 'PUT',
      path: '/api/v1/projects/:project/runs/:runId/tags',
      summary: 'Set tags of a run; others stay',
      tag: 'tracking',
      permission: 'runs:write',
      params: run,
      body: Type.Object({ tags: Tags }),
      response: Empty,
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
    remove: defineRoute({
      method: 'DELETE',
      path: '/api/v1/projects/:project/runs/:runId/tags',
      summary: 'Take a tag off a run',
      tag: 'tracking',
      permission: 'runs:write',
      params: run,
      query: Type.Object({ key: LogKey }),
      response: Empty,
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
  },
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
      limit: withDefault(Type.Integer({ minimum: 1, maximum: 25000 }), 1000),
    }),
    response: Type.Object({
      items: Type.Array(Point),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
    }),
    errors: ['invalid_request', 'not_found'],
  }),
  /** Of each pixel's points the lowest and the highest, and the first and the last of all; each point where there are few. */
  chart: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/metrics/chart',
    summary: 'What a chart shows of a metric of some runs',
    tag: 'tracking',
    permission: 'runs:read',
    params: inProject(),
    query: Type.Object({
      /** Ids, with commas between them. */
      runs: Type.String({ pattern: '^[0-9a-f]{32}(,[0-9a-f]{32}){0,99}$' }),
      key: LogKey,
      /** Along steps, times, or milliseconds since each run's first point. */
      axis: withDefault(Type.Enum(['step', 'time', 'relative']), 'step'),
      /** How many a run may have at most. */
      points: withDefault(Type.Integer({ minimum: 10, maximum: 5000 }), 320),
      from: Type.Optional(Type.Number()),
      to: Type.Optional(Type.Number()),
    }),
    /** `logged` is how many points lie in the range; what is drawn of them may be fewer. */
    response: Type.Object({
      series: Type.Array(Type.Object({ runId: Id, points: Type.Array(Point), logged: Type.Integer() })),
    }),
    errors: ['invalid_request', 'not_found'],
  }),
  artifacts: {
    list: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/runs/:runId/artifacts',
      summary: 'List a folder of the artifacts of a run',
      tag: 'tracking',
      permission: 'runs:read',
      params: run,
      query: Type.Object({ ...paged, path: Type.Optional(RelativePath) }),
      response: Page(ArtifactEntry),
      errors: ['invalid_request', 'not_found'],
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
