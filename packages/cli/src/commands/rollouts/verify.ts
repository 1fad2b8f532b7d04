import { id } from '../../arguments.ts';
import { value } from '../../terminal/format.ts';
import { facts } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const verifyRollout: Verb = (command, { client, paint, show, inProject, endWith }) =>
  command.argument('<rollout>', 'Its id', id).action(async (rolloutId: string) => {
    const verification = await client.rollouts.verify({ params: { ...(await inProject()), rolloutId } });
    const { same, message, difference } = verification;
    show(verification, () =>
      [
        paint(same ? 'green' : 'red', message),
        ...(difference ? [facts({ stored: value(difference.stored), replayed: value(difference.replayed) }, paint)] : []),
      ].join('\n'),
    );
    if (!same) endWith(1);
  });
