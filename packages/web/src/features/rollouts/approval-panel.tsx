import type { Rollout } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { approvalQuery } from './queries.ts';
import { useRolloutWords } from './use-rollout-words.ts';

const marks = { open: 'attention', given: 'ok', refused: 'broken', withdrawn: 'stopped' } as const;

/** What people are asked to agree to, what each said, and, while it waits, the two answers. */
export const ApprovalPanel = ({ rollout, approvalId, onChange }: { rollout: Rollout; approvalId: string; onChange: () => void }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const { data: approval } = useQuery(approvalQuery(rollout.project, approvalId));
  const [asking, setAsking] = useState<'approve' | 'refuse'>();
  if (!approval) return null;
  const version = `${rollout.candidate.model} ${words.version(rollout.candidate.version)}`;
  const vote = async (comment: string) => {
    await client.approvals.decide({
      params: { project: rollout.project, approvalId },
      body: { approve: asking === 'approve', comment },
    });
    onChange();
  };
  const isOpen = approval.status === 'open';
  return (
    <Panel
      className={isOpen ? 'approval approval-open' : 'approval'}
      title={words.approval.title}
      note={isOpen ? words.approval.waits(f.number(approval.given), f.number(approval.needed)) : words.approval.status[approval.status]}
      actions={
        isOpen && (
          <>
            <Button variant="default" onClick={() => setAsking('refuse')}>
              {words.approval.refuse}
            </Button>
            <Button onClick={() => setAsking('approve')}>{words.approval.approve}</Button>
          </>
        )
      }
    >
      <p className="with-mark">
        <StatusMark mark={marks[approval.status]} size={15} />
        <span>
          <ServerText text={approval.message} /> {approval.fourEyes && isOpen && <span className="quiet">{words.approval.fourEyes}</span>}
        </span>
      </p>
      {approval.votes.length > 0 && (
        <ul className="votes plain-list num" aria-label={words.approval.votes}>
          {approval.votes.map(({ by, approve, comment, at }) => (
            <li key={by}>
              <StatusMark mark={approve ? 'ok' : 'broken'} size={13} />
              <span>
                <strong>{by}</strong> {approve ? words.approval.agreed : words.approval.refused}
                {comment && (
                  <>
                    {' '}
                    <q>{comment}</q>
                  </>
                )}{' '}
                <time className="quiet" dateTime={at}>
                  {f.dayHour(Date.parse(at))} UTC
                </time>
              </span>
            </li>
          ))}
        </ul>
      )}
      {asking && (
        <ReasonDialog
          title={asking === 'approve' ? words.approval.approveTitle(version) : words.approval.refuseTitle(version)}
          label={words.approval.comment}
          hint={words.approval.commentHint}
          act={words.approval[asking]}
          cancel={words.approval.keep}
          isDanger={asking === 'refuse'}
          isOptional={asking === 'approve'}
          onAct={vote}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Panel>
  );
};
