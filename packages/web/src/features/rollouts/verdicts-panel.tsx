import type { RolloutReport } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

/** Every verdict with what it knew, and a button that has the server replay all of it. */
export const VerdictsPanel = ({ report: { rollout, verdicts } }: { report: RolloutReport }) => {
  const { t, f } = useI18n();
  const { verify: words } = useRolloutWords();
  const { project, id } = rollout;
  const replay = useMutation({ mutationFn: () => client.rollouts.verify({ params: { project, rolloutId: id } }) });
  const { data, error } = replay;
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <>
          <a href={`/api/v1/projects/${encodeURIComponent(project)}/rollouts/${id}/evidence`} className="text-link">
            {words.raw}
          </a>
          <Button variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            {data ? words.again : words.button}
          </Button>
        </>
      }
    >
      <div role="status">
        {data && (
          <Notice
            mark={data.same ? 'ok' : 'broken'}
            title={
              data.same ? words.same(f.number(data.verdicts), f.number(data.evidence)) : words.differs(f.number(data.difference?.seq ?? 0))
            }
            body={
              data.difference
                ? `${data.difference.what}. ${words.stored}: ${JSON.stringify(data.difference.stored)}. ${words.replayed}: ${JSON.stringify(data.difference.replayed)}.`
                : ''
            }
          />
        )}
        {error && <Notice mark="broken" title={t.problem.refused} body={error.message} />}
      </div>
      {verdicts.length === 0 && <p className="quiet">{words.none}</p>}
      <ol className="verdicts plain-list num">
        {verdicts.map((verdict) => (
          <li key={verdict.number}>
            <time className="quiet nowrap" dateTime={verdict.at} title={f.moment(Date.parse(verdict.at))}>
              {f.dayHour(Date.parse(verdict.at))}
            </time>
            <span className="quiet nowrap">{words.event(f.number(verdict.seq))}</span>
            <span className="verdict-kind">{words.kinds[verdict.kind]}</span>
            <span className="verdict-message">
              <ServerText text={verdict.message} /> {verdict.by !== 'system' && <span className="quiet">({verdict.by})</span>}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
};
