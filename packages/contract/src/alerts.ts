import { type Static, Type } from 'typebox';
import { Empty, Id, Name, Nullable, Page, Text, Time, inProject, paged } from './common.ts';
import { Action } from './notifications.ts';
import { defineRoute } from './route.ts';

/** What an alert rests on. */
export const AlertEvidence = Type.Object({
  /** Of the records that count, the first and the last hundred; there may be more between them. */
  first: Type.Array(Type.String()),
  last: Type.Array(Type.String()),
  records: Type.Integer(),
  /** In event time. */
  from: Nullable(Time),
  to: Nullable(Time),
  /** The window of the monitor, as it stood then. */
  window: Nullable(Type.Object({ id: Type.String(), version: Type.Integer() })),
});
export type AlertEvidence = Static<typeof AlertEvidence>;

export const Acknowledgement = Type.Object({ by: Type.String(), at: Time, comment: Type.String() });
export const ruleKinds = ['count', 'share', 'kpi', 'drift', 'quality', 'noData', 'latency', 'errorRate'] as const;
export const Alert = Type.Object(
  {
    id: Id,
    project: Name,
    monitor: Name,
    endpoint: Name,
    rule: Type.String(),
    kind: Type.Enum([...ruleKinds]),
    /** The values that it is about, where the rule looks at each by itself. */
    group: Type.Record(Type.String(), Type.String()),
    severity: Type.Enum(['info', 'warning', 'critical']),
    status: Type.Enum(['firing', 'resolved']),
    message: Type.String(),
    advice: Nullable(Type.String()),
    actions: Type.Array(Action),
    evidence: AlertEvidence,
    /** What it was about lay back in event time when late records completed it. */
    late: Type.Boolean(),
    firedAt: Time,
    resolvedAt: Nullable(Time),
    /** Why it ended, where that is not because the rule held no more. */
    resolution: Nullable(Type.String()),
    acknowledged: Nullable(Acknowledgement),
    channels: Type.Array(Name),
    /** What its channels were told; `nothing` while it is silenced. */
    told: Type.Enum(['nothing', 'firing', 'resolved']),
    correlationId: Id,
  },
  { $id: 'Alert' },
);
export type Alert = Static<typeof Alert>;

/** On `alertname` (the rule), `monitor`, `endpoint`, `severity`, or what a rule groups by. All of them have to match. */
export const Matcher = Type.Object({ name: Text(250), value: Text(1000), isEqual: Type.Optional(Type.Boolean()) });
export type Matcher = Static<typeof Matcher>;
export const Silence = Type.Object(
  {
    id: Id,
    project: Name,
    matchers: Type.Array(Matcher),
    from: Time,
    until: Time,
    status: Type.Enum(['pending', 'active', 'ended']),
    comment: Type.String(),
    createdAt: Time,
    createdBy: Type.String(),
  },
  { $id: 'Silence' },
);
export type Silence = Static<typeof Silence>;

const oneAlert = inProject({ alertId: Id });
export const alerts = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/alerts',
    summary: 'List alerts, newest first',
    tag: 'alerts',
    permission: 'alerts:read',
    params: inProject(),
    query: Type.Object({
      ...paged,
      status: Type.Optional(Type.Enum(['firing', 'resolved'])),
      endpoint: Type.Optional(Name),
      monitor: Type.Optional(Name),
    }),
    response: Page(Alert),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/alerts/:alertId',
    summary: 'Get an alert with its evidence, and what can be done',
    tag: 'alerts',
    permission: 'alerts:read',
    params: oneAlert,
    response: Alert,
    errors: ['not_found'],
  }),
  acknowledge: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/alerts/:alertId/acknowledgement',
    summary: 'Say that somebody looks after an alert',
    tag: 'alerts',
    permission: 'alerts:acknowledge',
    params: oneAlert,
    body: Type.Object({ comment: Text(2000) }),
    response: Alert,
    errors: ['not_found', 'failed_precondition'],
  }),
};
export const silences = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/silences',
    summary: 'List silences, newest first',
    tag: 'alerts',
    permission: 'silences:read',
    params: inProject(),
    query: Type.Object(paged),
    response: Page(Silence),
    errors: ['invalid_request'],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/silences',
    summary: 'Send nothing of some alerts for a time',
    tag: 'alerts',
    permission: 'silences:write',
    idempotent: true,
    params: inProject(),
    body: Type.Object({
      matchers: Type.Array(Matcher, { minItems: 1, maxItems: 20 }),
      /** Now, where nothing is said. */
      from: Type.Optional(Time),
      until: Time,
      comment: Text(2000),
    }),
    response: Silence,
    status: 201,
    errors: ['invalid_request', 'conflict'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/v1/projects/:project/silences/:silenceId',
    summary: 'End a silence',
    tag: 'alerts',
    permission: 'silences:write',
    params: inProject({ silenceId: Id }),
    response: Empty,
    errors: ['not_found'],
  }),
};
