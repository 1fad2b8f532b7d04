import { id } from '../../arguments.ts';
import { stageText } from '../../render/rollout.ts';
import type { Verb } from '../../verb.ts';

const byHand =
  (action: 'pause' | 'resume' | 'promote' | 'rollBack'): Verb =>
  (command, { client, show, inProject }) =>
    command
      .argument('<rollout>', 'Its id', id)
      .requiredOption('--reason <text>', 'Why; it is kept with the verdict')
      .action(async (rolloutId: string, { reason }: { reason: string }) => {
        const rollout = await client.rollouts[action]({ params: { ...(await inProject()), rolloutId }, body: { reason } });
        show(rollout, () => `${rollout.endpoint} ${rollout.number}: ${stageText(rollout)}`);
      });

export const pauseRollout = byHand('pause');
export const resumeRollout = byHand('resume');
export const promoteRollout = byHand('promote');
export const rollBackRollout = byHand('rollBack');
