import type { Rollout } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../ui/panel.tsx';
import { ApprovalPanel } from '../rollouts/approval-panel.tsx';
import { useModelWords } from './use-model-words.ts';

/** Who was asked to let versions of a model in, the newest question first. */
export const ApprovalsList = ({ rollouts, onChange }: { rollouts: readonly Rollout[]; onChange: () => void }) => {
  const { approvals: words } = useModelWords();
  const asked = rollouts.filter(({ approvalId }) => approvalId !== null);
  if (asked.length === 0)
    return (
      <Panel title={words.title}>
        <p className="quiet">{words.none}</p>
      </Panel>
    );
  return asked.slice(0, 5).map((rollout) => (
    <div key={rollout.id} className="approval-of">
      <p className="page-above">
        <Link to="/p/$project/rollouts/$id" params={{ project: rollout.project, id: rollout.id }} className="text-link">
          {words.rollout(rollout.endpoint, rollout.number)}
        </Link>
      </p>
      <ApprovalPanel rollout={rollout} approvalId={rollout.approvalId!} onChange={onChange} />
    </div>
  ));
};
