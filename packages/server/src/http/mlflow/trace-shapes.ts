import { type Assessment, plainOf, type Span, type SpanValue, type SpanValues, type Trace } from '../../tracking/index.ts';
import { Verbatim } from './wire-json.ts';

/** As MLflow's clients know a trace: times are RFC 3339, durations seconds. */
export const traceInfoShape = (trace: Trace) => ({
  trace_id: trace.id,
  client_request_id: trace.clientRequestId,
  trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: trace.experimentId } },
  request_preview: trace.requestPreview,
  response_preview: trace.responsePreview,
  request_time: timeShape(trace.requestedAt),
  execution_duration: trace.duration === null ? undefined : `${(trace.duration / 1000).toFixed(3)}s`,
  state: trace.state === 'unspecified' ? 'STATE_UNSPECIFIED' : trace.state.toUpperCase(),
  trace_metadata: trace.metadata,
  assessments: trace.assessments.map(assessmentShape),
  tags: trace.tags,
});
const timeShape = (ms: number): string => new Date(ms).toISOString();

export const assessmentShape = (assessment: Assessment) => ({
  assessment_id: assessment.id,
  assessment_name: assessment.name,
  trace_id: assessment.traceId,
  span_id: assessment.spanId,
  source: { source_type: assessment.source.type, source_id: assessment.source.id },
  create_time: timeShape(assessment.createdAt),
  last_update_time: timeShape(assessment.updatedAt),
  ...saidShape(assessment),
  rationale: assessment.rationale,
  metadata: assessment.metadata,
  overrides: assessment.overrides,
  valid: assessment.isValid,
});
const saidShape = ({ kind, name, value, error }: Assessment) => {
  switch (kind) {
    case 'feedback':
      return {
        feedback: {
          value: new Verbatim(value),
          error: error && { error_code: error.code, error_message: error.message, stack_trace: error.stack },
        },
      };
    case 'expectation':
      // Lists and objects travel as text there.
      return typeof value === 'object' && value !== null
        ? { expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: JSON.stringify(value) } } }
        : { expectation: { value: new Verbatim(value) } };
    case 'issue':
      return { issue: { issue_name: typeof value === 'string' ? value : name } };
  }
};

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const statusCodes = { unset: 'STATUS_CODE_UNSET', ok: 'STATUS_CODE_OK', error: 'STATUS_CODE_ERROR' } as const;
const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map((name) => `SPAN_KIND_${name}`);

/** OpenTelemetry's span in protobuf's JSON: ids in base64, nanoseconds as numbers. */
export const spanShape = (span: Span) => ({
  trace_id: base64(span.traceId),
  span_id: base64(span.spanId),
  parent_span_id: span.parentId === null ? undefined : base64(span.parentId),
  trace_state: span.traceState === '' ? undefined : span.traceState,
  name: span.name,
  kind: kinds[span.kind] ?? kinds[0],
  start_time_unix_nano: span.startNs,
  end_time_unix_nano: span.endNs,
  attributes: attributesShape(span.attributes),
  events: span.events.map(({ name, timeNs, attributes }) => ({
    time_unix_nano: BigInt(timeNs),
    name,
    attributes: attributesShape(attributes),
  })),
  links: span.links.map(({ traceId, spanId, attributes }) => ({
    trace_id: base64(traceId),
    span_id: base64(spanId),
    attributes: attributesShape(attributes),
  })),
  status: { code: statusCodes[span.status], message: span.statusMessage },
});
const attributesShape = (values: SpanValues) => Object.entries(values).map(([key, value]) => ({ key, value: valueShape(value) }));
const valueShape = (value: SpanValue): object => {
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (typeof value === 'number') return { int_value: value };
  if (value === null) return {};
  if ('whole' in value) return { int_value: BigInt(value.whole) };
  if ('real' in value) return { double_value: value.real };
  if ('bytes' in value) return { bytes_value: value.bytes };
  if ('list' in value) return { array_value: { values: value.list.map(valueShape) } };
  return { kvlist_value: { values: attributesShape(value.map) } };
};

/** A span as it stands in a trace's file: each attribute is JSON by itself. */
export const filedSpanShape = (span: Span) => ({
  ...spanShape(span),
  parent_span_id: new Verbatim(span.parentId === null ? null : base64(span.parentId)),
  attributes: Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [key, JSON.stringify(plainOf(value))])),
  events: new Verbatim(
    span.events.map(({ name, timeNs, attributes }) => ({
      name,
      time_unix_nano: JSON.rawJSON(timeNs),
      attributes: plainOf({ map: attributes }),
    })),
  ),
  links: new Verbatim(
    span.links.map(({ traceId, spanId, attributes }) => ({
      trace_id: `tr-${traceId}`,
      span_id: spanId,
      attributes: plainOf({ map: attributes }),
    })),
  ),
});
