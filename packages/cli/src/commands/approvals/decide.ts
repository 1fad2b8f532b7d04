import { id } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

const decide =
  (approve: boolean): Verb =>
  (command, { client, show, inProject }) =>
    command
      .argument('<approval>', 'Its id', id)
      .option('--comment <text>', 'Why', '')
      .action(async (approvalId: string, { comment }: { comment: string }) => {
        const params = { ...(await inProject()), approvalId };
        const approval = await client.approvals.decide({ params, body: { approve, comment } });
        show(approval, () => `It is ${approval.status}: ${approval.given} of ${approval.needed} agreed.`);
      });

export const approve = decide(true);
export const reject = decide(false);
