import { type Static, Type } from 'typebox';
import { Blob, Empty, Id, Json, Name, Page, Text, Time, Tree, inProject, paged } from './common.ts';
import { ApprovalPolicy, CanaryPolicy, DeclaredChannel, DeclaredMonitor, Gate, ShadowPolicy, Trigger } from './policy.ts';
import { Expectation, LogicalType } from './table.ts';
import { defineRoute } from './route.ts';

export const Project = Type.Object(
  { name: Name, problem: Type.String(), createdAt: Time, manifestId: Type.Union([Id, Type.Null()]) },
  { $id: 'Project' },
);
export type Project = Static<typeof Project>;

/** Where a value will come from: a pipeline's input or parameter, or the output of an earlier step. */
export const Ref = Type.Union([
  Type.Object({ from: Type.Enum(['input', 'param']), name: Type.String() }),
  Type.Object({ from: Type.Literal('step'), id: Type.String(), output: Type.String() }),
]);
export type Ref = Static<typeof Ref>;

/** Where the code of a step is. A `module` is relative to the project, or names one of Boucle's own: `@boucle/project/…`. */
export const Code = Type.Union([
  Type.Object({ module: Text(1000) }),
  Type.Object({
    command: Type.Array(Text(8000), { minItems: 1 }),
    reads: Type.Array(Text(1000)),
    python: Type.Optional(Type.Object({ lock: Text(1000) })),
  }),
  Type.Object({ effect: Name }),
]);
export type Code = Static<typeof Code>;

export const PortSpec = Type.Object({
  kind: Type.Enum(['table', 'file', 'folder', 'model', 'value']),
  many: Type.Optional(Type.Boolean()),
  schema: Type.Optional(Json),
});
export type PortSpec = Static<typeof PortSpec>;

export const StepOptions = Type.Object({
  name: Type.Optional(Name),
  experiment: Type.Optional(Text(250)),
  retry: Type.Optional(
    Type.Object({ max: Type.Integer({ minimum: 0, maximum: 20 }), on: Type.Optional(Type.Enum(['infrastructure', 'any'])) }),
  ),
  timeout: Type.Optional(Type.String({ pattern: '^\\d+(ms|s|m|h)$' })),
  cache: Type.Optional(Type.Enum(['content', 'never'])),
  executor: Type.Optional(Name),
  resources: Type.Optional(
    Type.Object({
      cpus: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      memory: Type.Optional(Type.String({ pattern: '^\\d+(Mi|Gi)$' })),
      gpus: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
});
export type StepOptions = Static<typeof StepOptions>;

/** One step of a plan: plain data, complete enough for any machine to carry it out. */
export const PlannedStep = Type.Object({
  id: Name,
  step: Name,
  code: Code,
  /** SHA-256 over the sources of the module closure and the integrity of the packages it reaches; of command and read files for a command. */
  codeDigest: Blob,
  ports: Type.Object({ inputs: Type.Record(Type.String(), PortSpec), outputs: Type.Record(Type.String(), PortSpec) }),
  inputs: Type.Record(Type.String(), Type.Array(Ref)),
  params: Type.Record(Type.String(), Type.Union([Ref, Type.Object({ value: Json })])),
  secrets: Type.Array(Name),
  options: StepOptions,
});
export type PlannedStep = Static<typeof PlannedStep>;

/** All that a step takes from elsewhere: artifacts, and values of parameters. */
export const refsOf = (step: PlannedStep): Ref[] => [
  ...Object.values(step.inputs).flat(),
  ...Object.values(step.params).filter((param): param is Ref => 'from' in param),
];

export const Plan = Type.Object(
  {
    format: Type.Literal('boucle.plan/1'),
    pipeline: Name,
    /** JSON Schema of the parameters; each property may have a default. */
    params: Json,
    inputs: Type.Record(Type.String(), Type.Object({ dataset: Name })),
    steps: Type.Array(PlannedStep, { minItems: 1, maxItems: 500 }),
    outputs: Type.Record(Type.String(), Ref),
    on: Type.Array(Trigger),
  },
  { $id: 'Plan' },
);
export type Plan = Static<typeof Plan>;

export const DeclaredColumn = Type.Object({
  name: Text(250),
  /** Its name in the source. */
  from: Type.Optional(Text(250)),
  type: Type.Unsafe<LogicalType>(Type.Object({ type: Type.String() })),
  values: Type.Optional(Type.Array(Json)),
  optional: Type.Optional(Type.Boolean()),
});
export const DeclaredDataset = Type.Object(
  {
    name: Name,
    source: Text(1000),
    key: Type.Array(Text(250)),
    columns: Type.Array(DeclaredColumn),
    others: Type.Enum(['keep', 'drop', 'refuse']),
    expect: Type.Array(Expectation),
    personal: Type.Array(Text(250)),
  },
  { $id: 'DeclaredDataset' },
);
export type DeclaredDataset = Static<typeof DeclaredDataset>;

export const DeclaredEndpoint = Type.Object(
  {
    name: Name,
    /** `model@alias`, resolved once, at deployment. */
    model: Text(400),
    environment: Name,
    log: Type.Optional(Type.Enum(['written', 'synced'])),
    /** What a rollout asks of a new version, in this order. */
    gates: Type.Optional(Type.Array(Gate, { maxItems: 50 })),
    approvals: Type.Optional(ApprovalPolicy),
    shadow: Type.Optional(ShadowPolicy),
    canary: Type.Optional(CanaryPolicy),
  },
  { $id: 'DeclaredEndpoint' },
);
export type DeclaredEndpoint = Static<typeof DeclaredEndpoint>;

export const Kpi = Type.Object({
  metric: Type.String(),
  of: Type.Optional(Type.String()),
  target: Type.Union([Type.Object({ atLeast: Type.Number() }), Type.Object({ atMost: Type.Number() })]),
  because: Type.String(),
});

/** A package that the project's code reaches and Boucle does not bring: its files travel with the bundle. */
export const BundledPackage = Type.Object({ name: Text(250), version: Text(100), integrity: Text(250), tree: Type.Optional(Tree) });
/** The sources of the project that its steps reach, by digest. A machine that has the blobs has the project. */
export const Bundle = Type.Object(
  {
    format: Type.Literal('boucle.bundle/1'),
    tree: Tree,
    packages: Type.Array(BundledPackage),
  },
  { $id: 'Bundle' },
);
export type Bundle = Static<typeof Bundle>;

/** What `boucle apply` records: the whole project as data, with its code by digest. */
export const Manifest = Type.Object(
  {
    format: Type.Literal('boucle.manifest/1'),
    project: Name,
    problem: Text(2000),
    owners: Type.Array(Text(250)),
    risk: Type.Enum(['minimal', 'limited', 'high']),
    kpis: Type.Record(Type.String(), Kpi),
    datasets: Type.Array(DeclaredDataset),
    pipelines: Type.Array(Plan),
    endpoints: Type.Array(DeclaredEndpoint),
    monitors: Type.Array(DeclaredMonitor),
    channels: Type.Optional(Type.Array(DeclaredChannel, { maxItems: 100 })),
    bundle: Bundle,
    /** Where the sources stood: commit, and the digest of what was not committed. */
    source: Type.Object({
      commit: Type.Union([Text(100), Type.Null()]),
      changes: Type.Union([Blob, Type.Null()]),
    }),
  },
  { $id: 'Manifest' },
);
export type Manifest = Static<typeof Manifest>;

export const ManifestVersion = Type.Object(
  { id: Id, project: Name, number: Type.Integer(), digest: Blob, manifest: Manifest, appliedAt: Time, appliedBy: Type.String() },
  { $id: 'ManifestVersion' },
);
export type ManifestVersion = Static<typeof ManifestVersion>;

export const ManifestChange = Type.Object(
  {
    change: Type.Enum(['added', 'changed', 'removed']),
    type: Type.Enum(['framing', 'dataset', 'pipeline', 'step', 'endpoint', 'monitor', 'channel']),
    name: Type.String(),
    /** What is different: for a step `code`, `params`, `inputs`, `options`; else the fields. */
    parts: Type.Array(Type.String()),
  },
  { $id: 'ManifestChange' },
);
export type ManifestChange = Static<typeof ManifestChange>;

export const projects = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects',
    summary: 'List projects',
    tag: 'projects',
    permission: 'projects:read',
    query: Type.Object(paged),
    response: Page(Project),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project',
    summary: 'Get a project',
    tag: 'projects',
    permission: 'projects:read',
    params: inProject(),
    response: Project,
    errors: [],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects',
    summary: 'Create a project',
    tag: 'projects',
    permission: 'projects:write',
    body: Type.Object({ name: Name, problem: Type.Optional(Text(2000)) }),
    response: Project,
    status: 201,
    errors: ['conflict'],
  }),
};

export const manifests = {
  preview: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/manifest/preview',
    summary: 'What applying a manifest would change',
    tag: 'projects',
    permission: 'manifests:read',
    params: inProject(),
    body: Type.Object({ manifest: Manifest }),
    response: Type.Object({ changes: Type.Array(ManifestChange), missing: Type.Array(Blob) }),
    errors: ['invalid_request', 'failed_precondition'],
  }),
  apply: defineRoute({
    method: 'PUT',
    path: '/api/v1/projects/:project/manifest',
    summary: 'Record a manifest; its blobs are there already',
    tag: 'projects',
    permission: 'manifests:write',
    params: inProject(),
    body: Type.Object({ manifest: Manifest }),
    response: ManifestVersion,
    errors: ['invalid_request', 'failed_precondition'],
  }),
  current: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/manifest',
    summary: 'The manifest in force',
    tag: 'projects',
    permission: 'manifests:read',
    params: inProject(),
    response: ManifestVersion,
    errors: ['not_found'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/manifests/:manifestId',
    summary: 'A manifest of the past',
    tag: 'projects',
    permission: 'manifests:read',
    params: inProject({ manifestId: Id }),
    response: ManifestVersion,
    errors: ['not_found'],
  }),
};

const digest = inProject({ digest: Blob });
export const blobs = {
  put: defineRoute({
    kind: 'upload',
    method: 'PUT',
    path: '/api/v1/projects/:project/blobs/:digest',
    summary: 'Store bytes under their digest',
    tag: 'blobs',
    permission: 'blobs:write',
    params: digest,
    response: Type.Object({ digest: Blob, size: Type.Integer() }),
    errors: ['invalid_request', 'too_large', 'unavailable'],
  }),
  get: defineRoute({
    kind: 'download',
    method: 'GET',
    path: '/api/v1/projects/:project/blobs/:digest',
    summary: 'Read bytes, or a range of them',
    tag: 'blobs',
    permission: 'blobs:read',
    params: digest,
    media: 'application/octet-stream',
    errors: ['invalid_request', 'not_found', 'failed_precondition'],
  }),
  missing: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/blobs/missing',
    summary: 'Which of these blobs the project does not have',
    tag: 'blobs',
    permission: 'blobs:read',
    params: inProject(),
    body: Type.Object({ digests: Type.Array(Blob, { maxItems: 10000 }) }),
    response: Type.Object({ missing: Type.Array(Blob) }),
    errors: [],
  }),
};

export const SecretInfo = Type.Object(
  { name: Name, source: Type.Enum(['environment', 'file', 'sealed']), updatedAt: Type.Union([Time, Type.Null()]) },
  { $id: 'SecretInfo' },
);
export type SecretInfo = Static<typeof SecretInfo>;
export const secrets = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/secrets',
    summary: 'Names of secrets, never their values',
    tag: 'projects',
    permission: 'secrets:read',
    params: inProject(),
    response: Type.Object({ items: Type.Array(SecretInfo) }),
    errors: [],
  }),
  set: defineRoute({
    method: 'PUT',
    path: '/api/v1/projects/:project/secrets/:name',
    summary: 'Seal a secret at rest',
    tag: 'projects',
    permission: 'secrets:write',
    params: inProject({ name: Name }),
    body: Type.Object({ value: Text(65536) }),
    response: SecretInfo,
    errors: ['invalid_request', 'failed_precondition'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/secrets/:name',
    summary: 'Forget a sealed secret',
    tag: 'projects',
    permission: 'secrets:write',
    params: inProject({ name: Name }),
    response: Empty,
    errors: ['invalid_request', 'not_found'],
  }),
};
