import { type CountedIssue, type Issue, issueSeverities, issueStatuses, type Tracking } from '../../../tracking/index.ts';
import { bool, integerIn, list, optional, type Reader, required, text, textWithin, wrong } from '../fields.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { experimentId } from '../shapes.ts';

const wordOf =
  <const W extends string>(words: readonly W[]): Reader<W> =>
  (given, at) => {
    const word = words.find((one) => one === given);
    if (word === undefined) throw wrong(at, given, `it must be one of ${words.join(', ')}`);
    return word;
  };
/** Clients send an empty text for what they do not say. */
const said =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (given, at) =>
    given === '' ? undefined : read(given, at);
const status = optional(said(wordOf(issueStatuses)));
const severity = optional(said(wordOf(issueSeverities)));
const name = textWithin(250);
const id = { issue_id: required(textWithin(100)) };

const issueShape = (issue: Issue & Partial<CountedIssue>) => ({
  issue_id: issue.id,
  experiment_id: issue.experimentId,
  name: issue.name,
  description: issue.description,
  status: issue.status,
  severity: issue.severity,
  root_causes: issue.rootCauses,
  source_run_id: issue.sourceRunId,
  categories: issue.categories,
  created_timestamp: issue.createdAt,
  last_updated_timestamp: issue.updatedAt,
  created_by: issue.createdBy,
  trace_count: issue.traceCount,
});

export const issueRoutes = ({ issues }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'issues',
    version: '3.0',
    permission: 'runs:write',
    request: {
      experiment_id: required(experimentId),
      name: required(name),
      description: required(text),
      status,
      severity,
      root_causes: list(text),
      source_run_id: optional(text),
      categories: list(text),
      created_by: optional(textWithin(255)),
    },
    handle: async (input, { actor }) => {
      const issue = await issues.create(actor, {
        experimentId: input.experiment_id,
        name: input.name,
        description: input.description,
        status: input.status ?? 'pending',
        severity: input.severity ?? null,
        rootCauses: input.root_causes,
        sourceRunId: input.source_run_id || null,
        categories: input.categories,
        createdBy: input.created_by || null,
      });
      return { issue: issueShape(issue) };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'issues/:issue_id',
    version: '3.0',
    permission: 'runs:read',
    request: id,
    handle: async ({ issue_id }, { actor }) => ({ issue: issueShape(await issues.get(actor.project, issue_id)) }),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'issues/:issue_id',
    version: '3.0',
    permission: 'runs:write',
    request: { ...id, status, severity, name: optional(name), description: optional(text) },
    handle: async ({ issue_id, ...change }, { actor }) => {
      const changed = {
        ...(change.status && { status: change.status }),
        ...(change.severity && { severity: change.severity }),
        ...(change.name && { name: change.name }),
        ...(change.description && { description: change.description }),
      };
      return { issue: issueShape(await issues.change(actor, issue_id, changed)) };
    },
  }),
  mlflowRoute({
    method: 'POST',
    path: 'issues/search',
    version: '3.0',
    permission: 'runs:read',
    request: {
      experiment_id: optional(said(experimentId)),
      filter_string: optional(text),
      max_results: optional(integerIn(1, 50_000)),
      page_token: optional(text),
      include_trace_count: optional(bool),
    },
    handle: async (
      { experiment_id, filter_string: filter, max_results: limit = 100, page_token, include_trace_count: counted },
      { actor },
    ) => {
      const { items, nextCursor } = await issues.search(actor.project, {
        experimentId: experiment_id,
        filter,
        limit,
        cursor: page_token || undefined,
        ...(counted && { counted }),
      });
      return { issues: items.map(issueShape), next_page_token: nextCursor ?? '' };
    },
  }),
];
