import { type Static, Type } from 'typebox';
import { Id, Name, Nullable, Page, Subject, Text, Time, inProject, paged } from './common.ts';
import { defineRoute, withDefault } from './route.ts';

export const approvalStatuses = ['open', 'given', 'refused', 'withdrawn'] as const;
export const ApprovalStatus = Type.Enum([...approvalStatuses]);

/** What people are asked to agree to, and what each said. */
export const Approval = Type.Object(
  {
    id: Id,
    project: Name,
    subject: Subject,
    message: Type.String(),
    status: ApprovalStatus,
    /** So many different people have to agree; one who does not ends it. */
    needed: Type.Integer(),
    given: Type.Integer(),
    /** None of the authors may approve. */
    fourEyes: Type.Boolean(),
    authors: Type.Array(Type.String()),
    votes: Type.Array(Type.Object({ by: Type.String(), approve: Type.Boolean(), comment: Type.String(), at: Time })),
    askedBy: Type.String(),
    askedAt: Time,
    endedAt: Nullable(Time),
    correlationId: Nullable(Id),
  },
  { $id: 'Approval' },
);
export type Approval = Static<typeof Approval>;

const one = inProject({ approvalId: Id });
export const approvals = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/approvals',
    summary: 'What waits for people to agree, or did, newest first',
    tag: 'governance',
    permission: 'approvals:read',
    params: inProject(),
    query: Type.Object({ ...paged, status: Type.Optional(ApprovalStatus) }),
    response: Page(Approval),
    errors: ['invalid_request'],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/approvals/:approvalId',
    summary: 'Get an approval with what each person said',
    tag: 'governance',
    permission: 'approvals:read',
    params: one,
    response: Approval,
    errors: ['not_found'],
  }),
  decide: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/approvals/:approvalId/votes',
    summary: 'Agree, or refuse',
    tag: 'governance',
    permission: 'approvals:decide',
    params: one,
    body: Type.Object({ approve: Type.Boolean(), comment: withDefault(Text(4000), '') }),
    response: Approval,
    errors: ['not_found', 'conflict', 'failed_precondition', 'permission_denied'],
  }),
};
