import type { Assessment, AssessmentChange, NewAssessment, Tracking } from '../../../tracking/index.ts';
import {
  anything,
  bool,
  type InputOf,
  message,
  oneOf,
  optional,
  type Reader,
  required,
  text,
  textWithin,
  texts,
  wrong,
} from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { epochMs } from '../shapes.ts';
import { assessmentShape } from '../trace-shapes.ts';

/** RFC 3339, to the millisecond. */
export const time: Reader<number> = (given, at) => {
  const said = text(given, at);
  const ms = /^\d{4}-\d\d-\d\dT/.test(said) ? Date.parse(said) : Number.NaN;
  if (Number.isNaN(ms)) throw wrong(at, given, 'it must be a time in RFC 3339');
  return epochMs(ms, at);
};
const sourceTypes = { SOURCE_TYPE_UNSPECIFIED: 0, HUMAN: 1, LLM_JUDGE: 2, CODE: 3, AI_JUDGE: 4 } as const;
const feedback = message({
  value: optional(anything),
  error: optional(message({ error_code: required(text), error_message: optional(text), stack_trace: optional(text) })),
});
const expectation = message({
  value: optional(anything),
  serialized_value: optional(message({ serialization_format: optional(text), value: required(text) })),
});
const said = {
  assessment_name: optional(textWithin(250)),
  feedback: optional(feedback),
  expectation: optional(expectation),
  issue: optional(message({ issue_name: required(text) })),
  rationale: optional(text),
  metadata: optional(texts),
  valid: optional(bool),
};
export const assessmentFields = {
  ...said,
  assessment_id: optional(textWithin(100)),
  assessment_name: required(textWithin(250)),
  span_id: optional(text),
  source: required(message({ source_type: required(oneOf(sourceTypes)), source_id: optional(text) })),
  create_time: optional(time),
  last_update_time: optional(time),
  overrides: optional(text),
};
type Said = Pick<InputOf<typeof assessmentFields>, 'feedback' | 'expectation' | 'issue'>;

/** What is said, of one of three kinds. */
const valueOf = ({ feedback, expectation, issue }: Said, at: string): Pick<Assessment, 'kind' | 'value' | 'error'> => {
  if (feedback) {
    const { value = null, error } = feedback;
    return {
      kind: 'feedback',
      value,
      error: error ? { code: error.error_code, message: error.error_message ?? null, stack: error.stack_trace ?? null } : null,
    };
  }
  if (expectation) {
    const { value = null, serialized_value } = expectation;
    return { kind: 'expectation', value: serialized_value ? jsonOf(serialized_value.value, at) : value, error: null };
  }
  if (issue) return { kind: 'issue', value: issue.issue_name, error: null };
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Missing value for required parameter '${at}.feedback': say feedback, an expectation or an issue.`,
  );
};
const jsonOf = (said: string, at: string): unknown => {
  try {
    return JSON.parse(said) as unknown;
  } catch {
    throw wrong(`${at}.expectation.serialized_value`, said, 'it must be JSON');
  }
};
export const newAssessment = (given: InputOf<typeof assessmentFields>, at: string): NewAssessment => ({
  ...valueOf(given, at),
  ...(given.assessment_id && { id: given.assessment_id }),
  name: given.assessment_name,
  spanId: given.span_id || null,
  source: { type: given.source.source_type, id: given.source.source_id ?? 'default' },
  rationale: given.rationale ?? null,
  metadata: given.metadata ?? {},
  overrides: given.overrides || null,
  ...(given.valid !== undefined && { isValid: given.valid }),
  ...(given.create_time !== undefined && { createdAt: given.create_time }),
  ...(given.last_update_time !== undefined && { updatedAt: given.last_update_time }),
});

/** What the mask names is changed, and nothing else. */
const changeOf = (given: InputOf<typeof said>, mask: string): AssessmentChange =>
  Object.assign(
    {},
    ...mask.split(',').map((name): AssessmentChange => {
      switch (name.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) {
        case 'assessment_name':
          return given.assessment_name ? { name: given.assessment_name } : {};
        case 'feedback':
        case 'expectation':
        case 'issue':
          return valueOf(given, 'assessment');
        case 'rationale':
          return { rationale: given.rationale ?? null };
        case 'metadata':
          return { metadata: given.metadata ?? {} };
        case 'valid':
          return given.valid === undefined ? {} : { isValid: given.valid };
        default:
          throw wrong('update_mask', mask, 'it names a field that cannot be changed');
      }
    }),
  ) as AssessmentChange;

const of = { trace_id: required(text) };
const one = { ...of, assessment_id: required(text) };
const path = 'traces/:trace_id/assessments';

export const assessmentRoutes = ({ assessments }: Tracking['traces']): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path,
    version: '3.0',
    permission: 'runs:write',
    request: { ...of, assessment: required(message(assessmentFields)) },
    handle: async ({ trace_id, assessment }, { actor }) => ({
      assessment: assessmentShape(await assessments.create(actor, trace_id, newAssessment(assessment, 'assessment'))),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: `${path}/:assessment_id`,
    version: '3.0',
    permission: 'runs:read',
    request: one,
    handle: async ({ trace_id, assessment_id }, { actor }) => ({
      assessment: assessmentShape(await assessments.get(actor.project, trace_id, assessment_id)),
    }),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: `${path}/:assessment_id`,
    version: '3.0',
    permission: 'runs:write',
    request: { ...one, assessment: required(message(said)), update_mask: required(text) },
    handle: async ({ trace_id, assessment_id, assessment, update_mask }, { actor }) => ({
      assessment: assessmentShape(
        await assessments.change(actor, { traceId: trace_id, id: assessment_id }, changeOf(assessment, update_mask)),
      ),
    }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: `${path}/:assessment_id`,
    version: '3.0',
    permission: 'runs:write',
    request: one,
    handle: ({ trace_id, assessment_id }, { actor }) => assessments.remove(actor, trace_id, assessment_id),
  }),
];
