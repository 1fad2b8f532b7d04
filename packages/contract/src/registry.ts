import { type Static, Type } from 'typebox';
import { AnyDigest, Empty, Id, ModelName, Name, Ordinal, Page, Real, RelativePath, Time, Tree, inProject, paged } from './common.ts';
import { Signature } from './model.ts';
import { defineRoute } from './route.ts';

export const RegisteredModel = Type.Object(
  {
    id: Id,
    project: Name,
    name: ModelName,
    createdAt: Time,
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

export const ModelVersion = Type.Object(
  {
    id: Id,
    project: Name,
    model: ModelName,
    number: Type.Integer({ minimum: 1 }),
    /** The package's folder. */
    digest: Tree,
    task: Type.String(),
    signature: Signature,
    labels: Type.Array(Type.String()),
    /** The run that trained it, and the step run whose output it is. */
    runId: Type.Union([Id, Type.Null()]),
    stepRunId: Type.Union([Id, Type.Null()]),
    evidence: Type.Array(Evidence),
    /** The predictions per row that the evidence was computed from. */
    predictions: Type.Union([AnyDigest, Type.Null()]),
    aliases: Type.Array(Type.String()),
    createdAt: Time,
    createdBy: Type.String(),
    correlationId: Id,
  },
  { $id: 'ModelVersion' },
);
export type ModelVersion = Static<typeof ModelVersion>;

const model = inProject({ model: ModelName });
const version = inProject({ model: ModelName, number: Ordinal });
export const models = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/models',
    summary: 'List registered models',
    tag: 'registry',
    permission: 'models:read',
    params: inProject(),
    query: Type.Object(paged),
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
    params: inProject({ model: ModelName, alias: Name }),
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
    params: inProject({ model: ModelName, alias: Name }),
    response: Empty,
    errors: ['not_found'],
  }),
};
