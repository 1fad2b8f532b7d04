import { id } from '../../arguments.ts';
import { rolloutText } from '../../render/rollout.ts';
import type { Verb } from '../../verb.ts';

export const showRollout: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<rollout>', 'Its id', id).action(async (rolloutId: string) => {
    const report = await client.rollouts.get({ params: { ...(await inProject()), rolloutId } });
    show(report, () => rolloutText(report, paint));
  });
