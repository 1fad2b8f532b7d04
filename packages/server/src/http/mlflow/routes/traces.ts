import { Readable } from 'node:stream';
import { associationOf, type Trace, type Tracking } from '../../../tracking/index.ts';
import { bool, integerIn, list, message, oneOf, optional, type Reader, required, requiredList, text, texts, wrong } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute, WireText } from '../route.ts';
import { experimentId, tagValue } from '../shapes.ts';
import { spanShape, traceInfoShape } from '../trace-shapes.ts';
import { writeWire } from '../wire-json.ts';
import { assessmentFields, assessmentRoutes, newAssessment, time } from './assessments.ts';

const mostAtOnce = 500;
const mostLinked = 100;
const states = { STATE_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 } as const;
const state: Reader<Trace['state']> = (given, at) => {
  const name = oneOf(states)(given, at);
  return name === 'STATE_UNSPECIFIED' ? 'unspecified' : (name.toLowerCase() as Trace['state']);
};
const seconds: Reader<number> = (given, at) => {
  const found = /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(text(given, at))?.[1];
  if (found === undefined) throw wrong(at, given, 'it must be seconds, such as 1.5s');
  return Math.round(Number(found) * 1000);
};
export const traceId: Reader<string> = (given, at) => {
  const id = text(given, at);
  if (!/^[\w.:-]{1,200}$/.test(id)) throw wrong(at, given, 'it must have letters, digits, _ . : and - only');
  return id;
};
export const traceTagKey: Reader<string> = (given, at) => {
  const key = text(given, at);
  if (key.length > 250) throw wrong(at, given, 'it exceeds the maximum length of 250 characters');
  return key;
};
const shortTexts: Reader<Readonly<Record<string, string>>> = (given, at) =>
  Object.fromEntries(Object.entries(texts(given, at)).map(([key, value]) => [traceTagKey(key, at), tagValue(value, `${at}.${key}`)]));
/** The experiment of a place; traces lie nowhere else here. */
const location: Reader<string> = (given, at) =>
  message({ mlflow_experiment: required(message({ experiment_id: required(experimentId) })) })(given, at).mlflow_experiment.experiment_id;
const traceInfo = message({
  trace_id: required(traceId),
  client_request_id: optional(text),
  trace_location: required(location),
  request: optional(text),
  response: optional(text),
  request_preview: optional(text),
  response_preview: optional(text),
  request_time: required(time),
  execution_duration: optional(seconds),
  state: optional(state),
  trace_metadata: optional(shortTexts),
  tags: optional(shortTexts),
  assessments: list(message(assessmentFields)),
});
const id = { trace_id: required(traceId) };
/** Older names of a trace's id are still said in 2.0. */
const olderId = { request_id: required(traceId) };
const tag = { key: required(traceTagKey) };

export const traceRoutes = ({ traces }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'traces',
    version: '3.0',
    permission: 'runs:write',
    request: { trace: required(message({ trace_info: required(traceInfo) })) },
    handle: async ({ trace: { trace_info: info } }, { actor }) => {
      const told = await traces.tell(actor, {
        id: info.trace_id,
        experimentId: info.trace_location,
        clientRequestId: info.client_request_id ?? null,
        requestPreview: info.request_preview ?? info.request ?? null,
        responsePreview: info.response_preview ?? info.response ?? null,
        requestedAt: info.request_time,
        duration: info.execution_duration ?? null,
        state: info.state ?? 'unspecified',
        tags: info.tags ?? {},
        metadata: info.trace_metadata ?? {},
        assessments: info.assessments.map((given, i) => newAssessment(given, `trace.trace_info.assessments[${i}]`)),
      });
      return { trace: { trace_info: traceInfoShape(told) } };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'traces/:trace_id',
    version: '3.0',
    permission: 'runs:read',
    request: id,
    handle: async ({ trace_id }, { actor }) => ({
      trace: { trace_info: traceInfoShape(await traces.get(actor.project, trace_id)) },
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'traces/get',
    version: '3.0',
    permission: 'runs:read',
    request: { ...id, allow_partial: optional(bool) },
    handle: async ({ trace_id, allow_partial = true }, { actor: { project } }) => {
      const [trace] = allow_partial ? [await traces.get(project, trace_id)] : await traces.whole(project, [trace_id]);
      if (!trace) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Trace with ID ${trace_id} is not fully here yet`);
      return new WireText(Readable.from(surrounded('{"trace":', traceText(traces, trace), '}')));
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'traces/batchGet',
    version: '3.0',
    permission: 'runs:read',
    request: { trace_ids: requiredList(traceId) },
    handle: async ({ trace_ids }, { actor }) => {
      requireFew(trace_ids, mostAtOnce);
      const whole = await traces.whole(actor.project, trace_ids);
      return new WireText(Readable.from(surrounded('{"traces":[', separated(whole.map((trace) => traceText(traces, trace))), ']}')));
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'traces/batchGetInfos',
    version: '3.0',
    permission: 'runs:read',
    request: { trace_ids: requiredList(traceId) },
    handle: async ({ trace_ids }, { actor }) => {
      requireFew(trace_ids, mostAtOnce);
      return { trace_infos: (await traces.several(actor.project, trace_ids)).map(traceInfoShape) };
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'traces/search',
    version: '3.0',
    permission: 'runs:read',
    request: {
      locations: list(location),
      filter: optional(text),
      max_results: optional(integerIn(1, mostAtOnce)),
      order_by: list(text),
      page_token: optional(text),
    },
    handle: async ({ locations, filter, max_results: limit = 100, order_by, page_token }, { actor }) => {
      const asked = { experimentIds: locations, filter, orderBy: order_by, limit, cursor: page_token || undefined };
      const { items, nextCursor } = await traces.search(actor.project, asked);
      return { traces: items.map(traceInfoShape), next_page_token: nextCursor };
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'traces/calculate-filter-correlation',
    version: '3.0',
    permission: 'runs:read',
    request: {
      experiment_ids: requiredList(experimentId),
      filter_string1: required(text),
      filter_string2: required(text),
      base_filter: optional(text),
    },
    handle: async ({ experiment_ids: experimentIds, filter_string1: first, filter_string2: second, base_filter: among }, { actor }) => {
      const counts = await traces.count(actor.project, { experimentIds, among, first, second });
      return {
        npmi: associationOf(counts),
        npmi_smoothed: associationOf(counts, 0.5),
        filter1_count: counts.first,
        filter2_count: counts.second,
        joint_count: counts.both,
        total_count: counts.all,
      };
    },
  }),
  ...(['2.0', '3.0'] as const).flatMap((version) => [
    mlflowRoute({
      method: 'POST',
      path: 'traces/delete-traces',
      version,
      permission: 'runs:write',
      request: {
        experiment_id: required(experimentId),
        max_timestamp_millis: optional(integerIn(0, Number.MAX_SAFE_INTEGER)),
        max_traces: optional(integerIn(1, Number.MAX_SAFE_INTEGER)),
        request_ids: list(traceId),
      },
      handle: async ({ experiment_id: of, max_timestamp_millis: until, max_traces: most, request_ids: ids }, { actor }) => {
        if ((until === undefined) === (ids.length === 0))
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'Say either max_timestamp_millis or request_ids, and not both.');
        if (ids.length > 0 && most !== undefined)
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'max_traces goes with max_timestamp_millis, not with request_ids.');
        return { traces_deleted: await traces.remove(actor, { experimentId: of, ...(ids.length > 0 ? { ids } : { until, most }) }) };
      },
    }),
  ]),
  mlflowRoute({
    method: 'PATCH',
    path: 'traces/:trace_id/tags',
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, ...tag, value: optional(tagValue) },
    handle: ({ trace_id, key, value = '' }, { actor }) => traces.setTag(actor, trace_id, { key, value }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'traces/:trace_id/tags',
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, ...tag },
    handle: ({ trace_id, key }, { actor }) => traces.removeTag(actor, trace_id, key),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'traces/:request_id/tags',
    permission: 'runs:write',
    request: { ...olderId, ...tag, value: optional(tagValue) },
    handle: ({ request_id, key, value = '' }, { actor }) => traces.setTag(actor, request_id, { key, value }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'traces/:request_id/tags',
    permission: 'runs:write',
    request: { ...olderId, ...tag },
    handle: ({ request_id, key }, { actor }) => traces.removeTag(actor, request_id, key),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'traces/link-to-run',
    permission: 'runs:write',
    request: { trace_ids: requiredList(traceId), run_id: required(text) },
    handle: ({ trace_ids, run_id }, { actor }) => {
      requireFew(trace_ids, mostLinked);
      return traces.link(actor, trace_ids, run_id);
    },
  }),
  ...assessmentRoutes(traces),
];

const requireFew = (ids: readonly string[], most: number): void => {
  if (ids.length > most) throw new MlflowError('INVALID_PARAMETER_VALUE', `No more than ${most} traces at once: there are ${ids.length}`);
};

type Pieces = AsyncIterable<string>;
/** A trace with its spans, which may be many: they are read as they are sent. */
const traceText = (traces: Tracking['traces'], trace: Trace): Pieces =>
  surrounded(`{"trace_info":${writeWire(traceInfoShape(trace))},"spans":[`, separated(spanTexts(traces, trace)), ']}');
const spanTexts = async function* (traces: Tracking['traces'], trace: Trace): AsyncGenerator<string> {
  for await (const span of traces.spans(trace)) yield writeWire(spanShape(span));
};
const surrounded = async function* (before: string, pieces: Pieces, after: string): AsyncGenerator<string> {
  yield before;
  yield* pieces;
  yield after;
};
const separated = async function* (all: AsyncIterable<string> | readonly Pieces[]): AsyncGenerator<string> {
  let isFirst = true;
  for await (const one of all) {
    if (!isFirst) yield ',';
    isFirst = false;
    if (typeof one === 'string') yield one;
    else yield* one;
  }
};
