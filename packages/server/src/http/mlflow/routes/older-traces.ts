import { newId } from '../../../platform/index.ts';
import { traceKeys, type Trace, type Tracking } from '../../../tracking/index.ts';
import { list, message, oneOf, optional, type Reader, required } from '../fields.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { epochMs, experimentId, pairsOf, tagValue, textsOf } from '../shapes.ts';
import { traceId, traceTagKey } from './traces.ts';

const statuses = { TRACE_STATUS_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 } as const;
const status: Reader<Trace['state']> = (given, at) => {
  const name = oneOf(statuses)(given, at);
  return name === 'TRACE_STATUS_UNSPECIFIED' ? 'unspecified' : (name.toLowerCase() as Trace['state']);
};
const texts = list(message({ key: required(traceTagKey), value: optional(tagValue) }));
const said = { timestamp_ms: required(epochMs), request_metadata: texts, tags: texts };
const id = { request_id: required(traceId) };

/** A trace as clients of MLflow 2 know it. */
const olderShape = ({ id: request_id, metadata, ...trace }: Trace) => ({
  request_id,
  experiment_id: trace.experimentId,
  timestamp_ms: trace.requestedAt,
  execution_time_ms: trace.duration,
  status: trace.state === 'unspecified' ? 'TRACE_STATUS_UNSPECIFIED' : trace.state.toUpperCase(),
  request_metadata: pairsOf(metadata).filter(({ key }) => key !== traceKeys.told),
  tags: pairsOf(trace.tags),
});

/** Clients of MLflow 2 begin a trace here, get its id, and end it. */
export const olderTraceRoutes = ({ traces }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'traces',
    permission: 'runs:write',
    request: { experiment_id: required(experimentId), ...said },
    handle: async ({ experiment_id, timestamp_ms, request_metadata, tags }, { actor }) => {
      const trace = await traces.tell(actor, {
        id: `tr-${newId()}`,
        experimentId: experiment_id,
        clientRequestId: null,
        requestPreview: null,
        responsePreview: null,
        requestedAt: timestamp_ms,
        duration: null,
        state: 'in_progress',
        tags: textsOf(tags),
        metadata: textsOf(request_metadata),
        assessments: [],
      });
      return { trace_info: olderShape(trace) };
    },
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'traces/:request_id',
    permission: 'runs:write',
    request: { ...id, ...said, status: required(status) },
    handle: async ({ request_id, timestamp_ms: endedAt, status: state, request_metadata, tags }, { actor }) => {
      const begun = await traces.get(actor.project, request_id);
      const trace = await traces.tell(actor, {
        ...begun,
        duration: Math.max(0, endedAt - begun.requestedAt),
        state,
        tags: textsOf(tags),
        metadata: textsOf(request_metadata),
        assessments: [],
      });
      return { trace_info: olderShape(trace) };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'traces/:request_id/info',
    permission: 'runs:read',
    request: id,
    handle: async ({ request_id }, { actor }) => ({ trace_info: olderShape(await traces.get(actor.project, request_id)) }),
  }),
];
