import { type Static, Type } from 'typebox';
import { Id, Json, Name, Nullable, Time, inProject } from './common.ts';
import { PipelineRun } from './pipelines.ts';
import { Trigger } from './policy.ts';
import { defineRoute, withDefault } from './route.ts';

/** What starts a pipeline of the manifest in force without anybody asking. */
export const PipelineTrigger = Type.Object(
  {
    project: Name,
    /** A webhook's own, else made from its pipeline's. */
    name: Type.String(),
    pipeline: Name,
    trigger: Trigger,
    /** Of a schedule. */
    nextDue: Nullable(Time),
    /** Runs that were missed and, by the schedule's policy, not made up for. */
    passedOver: Type.Integer(),
    last: Nullable(
      Type.Object({
        due: Nullable(Time),
        status: Type.Enum(['waiting', 'started', 'failed']),
        pipelineRunId: Nullable(Id),
        message: Nullable(Type.String()),
      }),
    ),
  },
  { $id: 'PipelineTrigger' },
);
export type PipelineTrigger = Static<typeof PipelineTrigger>;

export const triggers = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/triggers',
    summary: 'List the triggers of the manifest in force',
    tag: 'pipelines',
    permission: 'triggers:read',
    params: inProject(),
    response: Type.Object({ items: Type.Array(PipelineTrigger) }),
    errors: [],
  }),
  fire: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/triggers/:name',
    summary: 'Start the pipeline of a trigger now',
    tag: 'pipelines',
    permission: 'triggers:fire',
    idempotent: true,
    params: inProject({ name: Name }),
    body: Type.Object({ params: withDefault(Type.Record(Type.String(), Json), {}) }),
    response: PipelineRun,
    status: 202,
    errors: ['invalid_request', 'not_found', 'conflict', 'unavailable'],
  }),
};
