import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const approvalRefusals = (stage: Stage): RefusalsOf<'approvals'> => {
  const { approvals } = stage.client;
  const decide = (approvalId: string, approve: boolean) => approvals.decide({ params: { project, approvalId }, body: { approve } });
  return {
    approvals: {
      list: { invalid_request: ['unknown_cursor', () => approvals.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => approvals.get({ params: { project, approvalId: absent } })] },
      decide: {
        not_found: [undefined, () => decide(absent, true)],
        permission_denied: ['own_work', async () => decide(await stage.askApproval({ authors: ['owner'] }), true)],
        conflict: [
          'voted_already',
          async () => {
            const id = await stage.askApproval({ needed: 2 });
            await decide(id, true);
            await decide(id, false);
          },
        ],
        failed_precondition: [
          'approval_ended',
          async () => {
            const id = await stage.askApproval();
            await decide(id, false);
            await decide(id, true);
          },
        ],
      },
    },
  };
};
