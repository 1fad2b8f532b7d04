import { AppError } from '@boucle/contract';
import type { Verb } from '../../verb.ts';

export const testChannel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<channel>', 'Its name')
    .option('--comment <text>', 'What the message says beside that it is a test', '')
    .action(async (channel: string, { comment }: { comment: string }) => {
      const sent = await client.channels.test({ params: { ...(await inProject()), channel }, body: { comment } });
      if (sent.status !== 'sent')
        throw new AppError('failed_precondition', `${channel} did not take the message: ${sent.lastError}`, { reason: 'not_delivered' });
      show(sent, () => `${channel} took the message.`);
    });
