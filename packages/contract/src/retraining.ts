import { type Static, Type } from 'typebox';
import { Id, ModelName, Name, Nullable, Ordinal, Page, Text, Time, inProject, paged } from './common.ts';
import { defineRoute } from './route.ts';

export const retrainingStatuses = ['asked', 'collecting', 'starting', 'training', 'deploying', 'done', 'refused', 'failed'] as const;

/** Why a labelled prediction is not learned from. */
export const quarantineReasons = [
  /** Nobody knows who gave the label. */
  'unauthenticated',
  /** The same inputs were given different labels. */
  'contradicting',
  /** The label was changed more than once. */
  'changed_often',
  /** One person gave more than the policy's share. */
  'one_giver',
  /** The log no longer holds what was predicted on. */
  'no_inputs',
  /** It does not fit the columns of the dataset. */
  'misfit',
  /** The dataset has a row with the same inputs; in its test side, it would be learned from. */
  'known',
] as const;
export const QuarantineReason = Type.Enum([...quarantineReasons]);
export type QuarantineReason = Static<typeof QuarantineReason>;

/** What became of the labelled predictions. */
export const RetrainingRows = Type.Object(
  {
    given: Type.Integer(),
    added: Type.Integer(),
    /** How many were held back for each reason. */
    quarantined: Type.Record(Type.String(), Type.Integer()),
    /** The first hundred of them. */
    held: Type.Array(Type.Object({ predictionId: Type.String(), reason: QuarantineReason })),
  },
  { $id: 'RetrainingRows' },
);
export type RetrainingRows = Static<typeof RetrainingRows>;

/** The whole way from a cause to a version: labelled rows, a dataset version, a pipeline run, a rollout; or why there was none. */
export const Retraining = Type.Object(
  {
    id: Id,
    project: Name,
    monitor: Name,
    endpoint: Name,
    pipeline: Name,
    because: Type.String(),
    status: Type.Enum([...retrainingStatuses]),
    /** Of one that was refused or failed, for programs; `message` says what can be done. */
    reason: Nullable(Type.String()),
    message: Nullable(Type.String()),
    rows: Nullable(RetrainingRows),
    datasetVersion: Nullable(Type.Object({ dataset: Name, number: Ordinal })),
    pipelineRunId: Nullable(Id),
    version: Nullable(Type.Object({ model: ModelName, number: Ordinal })),
    rolloutId: Nullable(Id),
    askedAt: Time,
    askedBy: Type.String(),
    startedAt: Nullable(Time),
    endedAt: Nullable(Time),
    correlationId: Id,
  },
  { $id: 'Retraining' },
);
export type Retraining = Static<typeof Retraining>;

export const retrainings = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/retrainings',
    summary: 'List retrainings, those that were refused included, newest first',
    tag: 'retraining',
    permission: 'retrainings:read',
    params: inProject(),
    query: Type.Object({ ...paged, monitor: Type.Optional(Name) }),
    response: Page(Retraining),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/retrainings/:retrainingId',
    summary: 'Get a retraining',
    tag: 'retraining',
    permission: 'retrainings:read',
    params: inProject({ retrainingId: Id }),
    response: Retraining,
    errors: ['not_found'],
  }),
  start: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/retrainings',
    summary: 'Ask for a retraining by hand; cooldown and budget do not hold it back',
    tag: 'retraining',
    permission: 'retrainings:start',
    idempotent: true,
    params: inProject(),
    body: Type.Object({ monitor: Name, because: Type.Optional(Text(500)) }),
    response: Retraining,
    status: 202,
    errors: ['not_found', 'failed_precondition', 'conflict'],
  }),
};
