import { type Static, Type } from 'typebox';
import { Empty, FreeName, Name, Nullable, Page, Time, inProject, paged } from './common.ts';
import { LogKey, Tags, searched } from './logged.ts';
import { defineRoute, withDefault } from './route.ts';

/** Decimal, one sequence for all projects; `0` is `Default` of project `default`. */
export const ExperimentId = Type.String({ pattern: '^[0-9]{1,18}$' });
export const Experiment = Type.Object(
  {
    id: ExperimentId,
    project: Name,
    name: Type.String(),
    tags: Type.Record(Type.String(), Type.String()),
    /** Where clients of MLflow keep the artifacts of its runs; null where Boucle does. */
    artifactLocation: Nullable(Type.String()),
    createdAt: Time,
    updatedAt: Time,
    /** While it is set, the experiment and its runs take nothing, and can be brought back. */
    deletedAt: Nullable(Time),
  },
  { $id: 'Experiment' },
);
export type Experiment = Static<typeof Experiment>;

const experiment = inProject({ experimentId: ExperimentId });

export const experiments = {
  search: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/experiments/search',
    summary: 'Search experiments by a filter',
    tag: 'tracking',
    permission: 'experiments:read',
    params: inProject(),
    body: Type.Object(searched),
    response: Page(Experiment),
    errors: ['invalid_request'],
  }),
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/experiments',
    summary: 'List experiments',
    tag: 'tracking',
    permission: 'experiments:read',
    params: inProject(),
    // A name of 500 signs makes a long cursor.
    query: Type.Object({ ...paged, cursor: Type.Optional(Type.String({ maxLength: 4000 })) }),
    response: Page(Experiment),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/experiments/:experimentId',
    summary: 'Get an experiment',
    tag: 'tracking',
    permission: 'experiments:read',
    params: experiment,
    response: Experiment,
    errors: ['not_found'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/experiments',
    summary: 'Create an experiment',
    tag: 'tracking',
    permission: 'experiments:write',
    params: inProject(),
    body: Type.Object({ name: FreeName, tags: withDefault(Tags, {}) }),
    response: Experiment,
    status: 201,
    errors: ['invalid_request', 'conflict'],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/api/v1/projects/:project/experiments/:experimentId',
    summary: 'Rename an experiment',
    tag: 'tracking',
    permission: 'experiments:write',
    params: experiment,
    body: Type.Object({ name: FreeName }),
    response: Experiment,
    errors: ['not_found', 'conflict', 'failed_precondition'],
  }),
  /** Its runs go with it. The name stays taken until it is purged. */
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/experiments/:experimentId',
    summary: 'Delete an experiment and its runs, until they are restored or purged',
    tag: 'tracking',
    permission: 'experiments:write',
    params: experiment,
    response: Experiment,
    errors: ['not_found'],
  }),
  /** With the runs that went with it. */
  restore: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/experiments/:experimentId/restore',
    summary: 'Bring a deleted experiment and its runs back',
    tag: 'tracking',
    permission: 'experiments:write',
    params: experiment,
    response: Experiment,
    errors: ['not_found'],
  }),
  /** Not where steps of pipelines made runs in it: these are a record. */
  purge: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/experiments/:experimentId/purge',
    summary: 'Delete a deleted experiment and its runs for good',
    tag: 'tracking',
    permission: 'experiments:write',
    params: experiment,
    response: Empty,
    errors: ['not_found', 'failed_precondition'],
  }),
  tags: {
    set: defineRoute({
      method: 'PUT',
      path: '/api/v1/projects/:project/experiments/:experimentId/tags',
      summary: 'Set tags of an experiment; others stay',
      tag: 'tracking',
      permission: 'experiments:write',
      params: experiment,
      body: Type.Object({ tags: Tags }),
      response: Empty,
      errors: ['invalid_request', 'not_found', 'failed_precondition'],
    }),
    remove: defineRoute({
      method: 'DELETE',
      path: '/api/v1/projects/:project/experiments/:experimentId/tags',
      summary: 'Take a tag off an experiment',
      tag: 'tracking',
      permission: 'experiments:write',
      params: experiment,
      query: Type.Object({ key: LogKey }),
      response: Empty,
      errors: ['not_found', 'failed_precondition'],
    }),
  },
};
