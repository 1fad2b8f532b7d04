import { id } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const acknowledgeAlert: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<alert>', 'Its id', id)
    .option('--comment <text>', 'What you do about it', '')
    .action(async (alertId: string, { comment }: { comment: string }) => {
      const alert = await client.alerts.acknowledge({ params: { ...(await inProject()), alertId }, body: { comment } });
      show(alert, () => `${alert.acknowledged?.by} looks after ${alert.rule}.`);
    });
