import type { api } from '@boucle/contract';
import type { Approvals } from '../../governance/index.ts';
import type { Handlers } from '../bind.ts';

export const approvalHandlers = (approvals: Approvals): Handlers<typeof api.approvals> => ({
  list: ({ actor, query }) => approvals.list(actor.project, query),
  get: ({ actor, params }) => approvals.get(actor.project, params.approvalId),
  decide: ({ actor, params, body }) => approvals.decide(actor, params.approvalId, body),
});
