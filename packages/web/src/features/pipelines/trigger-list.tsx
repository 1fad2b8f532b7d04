import type { PipelineTrigger } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { useNow } from '../../ui/use-now.ts';
import { usePipelineWords } from './use-pipeline-words.ts';

/** What starts a pipeline without anybody asking, and when next. */
export const TriggerList = ({ project, triggers }: { project: string; triggers: readonly PipelineTrigger[] }) => {
  const { triggers: words } = usePipelineWords();
  if (triggers.length === 0) return <p className="quiet trigger-none">{words.none}</p>;
  return (
    <ul className="triggers plain-list">
      {triggers.map((trigger) => (
        <li key={trigger.name}>
          <Trigger project={project} trigger={trigger} />
        </li>
      ))}
    </ul>
  );
};

const Trigger = ({ project, trigger: { trigger, nextDue, passedOver, last } }: { project: string; trigger: PipelineTrigger }) => {
  const { f } = useI18n();
  const words = usePipelineWords();
  const now = useNow(30_000);
  const due = nextDue === null ? undefined : Date.parse(nextDue);
  return (
    <>
      <Icon name="trigger" size={14} />
      <span className="trigger-text num">
        {'schedule' in trigger ? (
          <>
            {words.triggers.schedule(trigger.schedule, trigger.zone ?? 'UTC')}
            {due !== undefined && (
              <span className="quiet">
                {' '}
                {words.triggers.next(f.dayHour(due), due - now < 172_800_000 ? f.duration(Math.max(0, due - now) / 1000) : null)}
              </span>
            )}
          </>
        ) : 'newVersionOf' in trigger ? (
          <>
            {words.triggers.newVersion}{' '}
            <Link to="/p/$project/data/$dataset" params={{ project, dataset: trigger.newVersionOf }} className="text-link">
              {trigger.newVersionOf}
            </Link>
          </>
        ) : (
          words.triggers.webhook(trigger.webhook)
        )}
        {passedOver > 0 && <span className="quiet">, {words.triggers.passedOver(f.number(passedOver), passedOver)}</span>}
        {last?.pipelineRunId && (
          <>
            {', '}
            <Link
              to="/p/$project/pipeline-runs/$pipelineRunId"
              params={{ project, pipelineRunId: last.pipelineRunId }}
              className="text-link"
            >
              {words.triggers.last}
            </Link>
          </>
        )}
        {last?.status === 'failed' && (
          <span className="trigger-failed">
            {words.triggers.failed} {last.message !== null && <ServerText text={last.message} />}
          </span>
        )}
      </span>
    </>
  );
};
