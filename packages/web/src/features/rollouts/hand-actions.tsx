import type { Rollout } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { actByHand, type ByHand } from './queries.ts';
import { isOver } from './stages.ts';
import { useRolloutWords } from './use-rollout-words.ts';

/** What a person may do with a rollout that is not over, each with its reason. */
export const HandActions = ({ rollout, onDone }: { rollout: Rollout; onDone: () => void }) => {
  const { hand, version } = useRolloutWords();
  const [act, setAct] = useState<ByHand>();
  if (isOver(rollout)) return null;
  const candidate = version(rollout.candidate.version);
  const target = rollout.rollbackTarget && version(rollout.rollbackTarget.version);
  const acts: ByHand[] = [rollout.status === 'paused' ? 'resume' : 'pause', 'promote', 'rollBack'];
  return (
    <div className="hand-actions" role="group" aria-label={hand.menu}>
      {acts.map((one) => (
        <Button key={one} variant="default" onClick={() => setAct(one)}>
          {hand.act[one]}
        </Button>
      ))}
      {act && (
        <ReasonDialog
          title={hand.title(act, candidate, target)}
          label={hand.reason}
          hint={hand.reasonHint}
          act={hand.act[act]}
          cancel={hand.keep}
          isDanger={act === 'rollBack'}
          onAct={async (reason) => {
            await actByHand(act, rollout, reason);
            onDone();
          }}
          onClose={() => setAct(undefined)}
        >
          <ul className="dialog-list">
            {hand.follows(act, candidate, target).map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </ReasonDialog>
      )}
    </div>
  );
};
