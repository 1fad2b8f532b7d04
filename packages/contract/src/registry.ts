import { type Static, Type } from 'typebox';
import {
  AliasName,
  AnyDigest,
  Empty,
  Id,
  ModelName,
  Name,
  Nullable,
  Ordinal,
  Page,
  Real,
  RelativePath,
  Text,
  Time,
  Tree,
  inProject,
  paged,
} from './common.ts';
import { Columns, Explanation, Signature } from './model.ts';
import { defineRoute, withDefault } from './route.ts';
import { LogKey } from './logged.ts';

export const RegisteredModel = Type.Object(
  {
    id: Id,
    project: Name,
    name: ModelName,
    description: Type.String(),
    tags: Type.Record(Type.String(), Type.String()),
    createdAt: Time,
    /** Of the model, or by a version that came, went or changed its stage. */
    updatedAt: Time,
    /** The highest number of a version that is there. */
    latest: Type.Union([Type.Integer(), Type.Null()]),
    aliases: Type.Record(Type.String(), Type.Integer()),
  },
  { $id: 'RegisteredModel' },
);
export type RegisteredModel = Static<typeof RegisteredModel>;

/** One thing measured, and by what it can be measured again. */
export const Evidence = Type.Object(
  {
    metric: Type.String(),
    value: Real,
    /** 95 %, where one was computed. */
    interval: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
    digest: AnyDigest,
  },
  { $id: 'Evidence' },
);
export type Evidence = Static<typeof Evidence>;

export const modelStages = ['none', 'staging', 'production', 'archived'] as const;
export type ModelStage = (typeof modelStages)[number];
export const ModelStage = Type.Enum([...modelStages]);

export const ModelVersion = Type.Object(
  {
    id: Id,
    project: Name,
    model: ModelName,
    number: Type.Integer({ minimum: 1 }),
    /** The package's folder; null where the files are not in our store. */
    digest: Nullable(Tree),
    /** What the package says of itself; null where it is not one that we can read. */
    task: Nullable(Type.String()),
    signature: Nullable(Signature),
    labels: Type.Array(Type.String()),
    /** Where a client said that it comes from, such as `runs:/<run>/model`; null for what a step registered. */
    source: Nullable(Type.String()),
    /** The logged model that it was registered from. */
    loggedModelId: Nullable(Type.String()),
    /** Markdown. */
    description: Type.String(),
    tags: Type.Record(Type.String(), Type.String()),
    stage: ModelStage,
    /** A page that tells of the run, where the run is another server's. */
    runLink: Nullable(Type.String()),
    /** The run that trained it, as whoever registered it named it, and the step run whose output it is. */
    runId: Nullable(Type.String()),
    stepRunId: Type.Union([Id, Type.Null()]),
    evidence: Type.Array(Evidence),
    /** The predictions per row that the evidence was computed from. */
    predictions: Type.Union([AnyDigest, Type.Null()]),
    aliases: Type.Array(Type.String()),
    createdAt: Time,
    updatedAt: Time,
    createdBy: Type.String(),
    correlationId: Id,
  },
  { $id: 'ModelVersion' },
);
export type ModelVersion = Static<typeof ModelVersion>;

/** What a gate says of a version, with the numbers it says it by. */
export const GateVerdict = Type.Object(
  {
    gate: Type.String(),
    /** `undecided` is no pass: the data leave it open. */
    verdict: Type.Enum(['passed', 'failed', 'undecided']),
    value: Nullable(Type.Number()),
    interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
    message: Type.String(),
  },
  { $id: 'GateVerdict' },
);
export type GateVerdict = Static<typeof GateVerdict>;

/** The gates of an endpoint, held against a version. */
export const GateJudgement = Type.Object(
  {
    id: Id,
    project: Name,
    model: ModelName,
    number: Ordinal,
    endpoint: Name,
    /** The number of the version that it was compared with. */
    champion: Nullable(Ordinal),
    passed: Type.Boolean(),
    gates: Type.Array(GateVerdict),
    judgedAt: Time,
    judgedBy: Type.String(),
  },
  { $id: 'GateJudgement' },
);
export type GateJudgement = Static<typeof GateJudgement>;

const model = inProject({ model: ModelName });
const version = inProject({ model: ModelName, number: Ordinal });
/** `filter` as in `name LIKE 'fraud%' AND tags.team = 'risk'`; `orderBy` as in `last_updated_timestamp DESC`. */
const searched = {
  filter: withDefault(Text(200_000), ''),
  orderBy: withDefault(Type.Array(Text(1000), { maxItems: 10 }), []),
  limit: withDefault(Type.Integer({ minimum: 1, maximum: 1000 }), 50),
  // It holds what the last row was ordered by, which may be a long text.
  cursor: Type.Optional(Type.String({ maxLength: 500_000 })),
};
const TagValue = Text(100_000);
const Tags = Type.Record(LogKey, TagValue, { additionalProperties: false, maxProperties: 1000 });
const Description = Text(100_000);
export const models = {
  search: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/models/search',
    summary: 'Search registered models by a filter, in any order',
    tag: 'registry',
    permission: 'models:read',
    params: inProject(),
    body: Type.Object(searched),
    response: Page(RegisteredModel),
    errors: ['invalid_request'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/models',
    summary: 'Register a model that has no version yet',
    tag: 'registry',
    permission: 'models:write',
    params: inProject(),
    body: Type.Object({ name: ModelName, description: withDefault(Description, ''), tags: withDefault(Tags, {}) }),
    response: RegisteredModel,
    status: 201,
    errors: ['invalid_request', 'conflict'],
  }),
  /** Versions, aliases and tags go along with a new name; deployments stay. */
  update: defineRoute({
    method: 'PATCH',
    path: '/api/v1/projects/:project/models/:model',
    summary: 'Rename or describe a registered model',
    tag: 'registry',
    permission: 'models:write',
    params: model,
    body: Type.Object({ name: Type.Optional(ModelName), description: Type.Optional(Description) }),
    response: RegisteredModel,
    errors: ['not_found', 'conflict'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/models/:model',
    summary: 'Remove a registered model with its versions and aliases',
    tag: 'registry',
    permission: 'models:write',
    params: model,
    response: Empty,
    errors: ['not_found'],
  }),
  tags: {
    set: defineRoute({
      method: 'PUT',
      path: '/api/v1/projects/:project/models/:model/tags',
      summary: 'Set tags of a registered model; others stay',
      tag: 'registry',
      permission: 'models:write',
      params: model,
      body: Type.Object({ tags: Tags }),
      response: Empty,
      errors: ['invalid_request', 'not_found'],
    }),
    remove: defineRoute({
      method: 'DELETE',
      path: '/api/v1/projects/:project/models/:model/tags',
      summary: 'Take a tag off a registered model',
      tag: 'registry',
      permission: 'models:write',
      params: model,
      query: Type.Object({ key: LogKey }),
      response: Empty,
      errors: ['not_found'],
    }),
  },
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/models',
    summary: 'List registered models',
    tag: 'registry',
    permission: 'models:read',
    params: inProject(),
    // A name of 256 signs makes a long cursor.
    query: Type.Object({ ...paged, cursor: Type.Optional(Type.String({ maxLength: 4000 })) }),
    response: Page(RegisteredModel),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/models/:model',
    summary: 'Get a registered model',
    tag: 'registry',
    permission: 'models:read',
    params: model,
    response: RegisteredModel,
    errors: ['not_found'],
  }),
  versions: {
    search: defineRoute({
      method: 'POST',
      path: '/api/v1/projects/:project/model-versions/search',
      summary: 'Search versions of all models by a filter, in any order',
      tag: 'registry',
      permission: 'models:read',
      params: inProject(),
      body: Type.Object(searched),
      response: Page(ModelVersion),
      errors: ['invalid_request'],
    }),
    update: defineRoute({
      method: 'PATCH',
      path: '/api/v1/projects/:project/models/:model/versions/:number',
      summary: 'Describe a model version',
      tag: 'registry',
      permission: 'models:write',
      params: version,
      body: Type.Object({ description: Description }),
      response: ModelVersion,
      errors: ['not_found'],
    }),
    /** Its number is not given again. Endpoints that answer by it go on. */
    remove: defineRoute({
      method: 'DELETE',
      path: '/api/v1/projects/:project/models/:model/versions/:number',
      summary: 'Remove a model version and its aliases',
      tag: 'registry',
      permission: 'models:write',
      params: version,
      response: Empty,
      errors: ['not_found'],
    }),
    stage: defineRoute({
      method: 'PUT',
      path: '/api/v1/projects/:project/models/:model/versions/:number/stage',
      summary: 'Move a model version to a stage',
      tag: 'registry',
      permission: 'models:promote',
      params: version,
      body: Type.Object({
        stage: ModelStage,
        /** Those that are in staging or production go to the archive. */
        archiveOthers: withDefault(Type.Boolean(), false),
      }),
      response: ModelVersion,
      errors: ['invalid_request', 'not_found'],
    }),
    tags: {
      set: defineRoute({
        method: 'PUT',
        path: '/api/v1/projects/:project/models/:model/versions/:number/tags',
        summary: 'Set tags of a model version; others stay',
        tag: 'registry',
        permission: 'models:write',
        params: version,
        body: Type.Object({ tags: Tags }),
        response: Empty,
        errors: ['invalid_request', 'not_found'],
      }),
      remove: defineRoute({
        method: 'DELETE',
        path: '/api/v1/projects/:project/models/:model/versions/:number/tags',
        summary: 'Take a tag off a model version',
        tag: 'registry',
        permission: 'models:write',
        params: version,
        query: Type.Object({ key: LogKey }),
        response: Empty,
        errors: ['not_found'],
      }),
    },
    list: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/models/:model/versions',
      summary: 'List the versions of a model',
      tag: 'registry',
      permission: 'models:read',
      params: model,
      query: Type.Object(paged),
      response: Page(ModelVersion),
      errors: ['invalid_request', 'not_found'],
    }),
    get: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/models/:model/versions/:number',
      summary: 'Get a model version',
      tag: 'registry',
      permission: 'models:read',
      params: version,
      response: ModelVersion,
      errors: ['not_found'],
    }),
    /** A package that a step made. A digest that is held already answers with its version. */
    create: defineRoute({
      method: 'POST',
      path: '/api/v1/projects/:project/models/:model/versions',
      summary: 'Register a model package',
      tag: 'registry',
      permission: 'models:write',
      params: model,
      body: Type.Object({ digest: Tree, runId: Type.Optional(Id) }),
      response: ModelVersion,
      status: 201,
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
    gates: defineRoute({
      method: 'GET',
      path: '/api/v1/projects/:project/models/:model/versions/:number/gates',
      summary: 'What the gates of an endpoint said of a version last',
      tag: 'registry',
      permission: 'models:read',
      params: version,
      query: Type.Object({ endpoint: Name }),
      response: GateJudgement,
      errors: ['not_found'],
    }),
    judge: defineRoute({
      method: 'POST',
      path: '/api/v1/projects/:project/models/:model/versions/:number/gates',
      summary: 'Hold the gates of an endpoint against a version now',
      tag: 'registry',
      permission: 'models:write',
      params: version,
      body: Type.Object({ endpoint: Name }),
      response: GateJudgement,
      errors: ['not_found', 'failed_precondition'],
    }),
    explain: defineRoute({
      method: 'POST',
      path: '/api/v1/projects/:project/models/:model/versions/:number/explain',
      summary: 'Say why a version answers rows as it does',
      tag: 'registry',
      permission: 'models:read',
      params: version,
      body: Type.Object({
        columns: Columns,
        /** The label that is explained; for each row the predicted one where none is given. */
        label: Type.Optional(Text(1000)),
        /** For integrals: the share of what is to be explained that may stay unexplained; 0.01 where nothing is said. */
        tolerance: Type.Optional(Type.Number({ minimum: 0.0001, maximum: 1 })),
        /** For integrals: points, at most; 256 where nothing is said. */
        maxSteps: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 })),
      }),
      response: Type.Object({ items: Type.Array(Explanation) }),
      errors: ['invalid_request', 'not_found', 'failed_precondition', 'unavailable'],
    }),
    file: defineRoute({
      kind: 'download',
      method: 'GET',
      path: '/api/v1/projects/:project/models/:model/versions/:number/file',
      summary: 'A file of the package',
      tag: 'registry',
      permission: 'models:read',
      params: version,
      query: Type.Object({ path: RelativePath }),
      media: 'application/octet-stream',
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
  },
};
export const aliases = {
  set: defineRoute({
    method: 'PUT',
    path: '/api/v1/projects/:project/models/:model/aliases/:alias',
    summary: 'Point an alias at a model version',
    tag: 'registry',
    permission: 'models:promote',
    params: inProject({ model: ModelName, alias: AliasName }),
    body: Type.Object({ number: Ordinal }),
    response: ModelVersion,
    errors: ['invalid_request', 'not_found'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/models/:model/aliases/:alias',
    summary: 'Take an alias away',
    tag: 'registry',
    permission: 'models:promote',
    params: inProject({ model: ModelName, alias: AliasName }),
    response: Empty,
    errors: ['not_found'],
  }),
};
