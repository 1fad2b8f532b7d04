import type { Rollout } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { rolloutsQuery } from './queries.ts';
import { isOver, statusMark } from './stages.ts';
import { useRolloutWords } from './use-rollout-words.ts';
import '../../ui/card.css';

export const RolloutsPage = () => {
  const { t } = useI18n();
  const words = useRolloutWords();
  const { project } = useParams({ from: '/p/$project/rollouts' });
  const rollouts = useQuery(rolloutsQuery(project));
  const live = useLiveProject({
    project,
    concerns: ({ type }) => type.startsWith('rollout.') || type.startsWith('approval.'),
    keys: [rolloutsQuery(project).queryKey],
  });
  return (
    <LivePage project={project} title={t.nav.rollouts} lead={words.question} query={rollouts} live={live}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="rollouts" title={words.empty.title} body={words.empty.body}>
            {words.empty.next} <CopyText text="boucle rollouts start ENDPOINT" />
          </Empty>
        ) : (
          <ol className="cards plain-list" aria-label={words.list}>
            {items.map((rollout) => (
              <li key={rollout.id}>
                <RolloutCard project={project} rollout={rollout} />
              </li>
            ))}
          </ol>
        )
      }
    </LivePage>
  );
};

const RolloutCard = ({ project, rollout }: { project: string; rollout: Rollout }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const { candidate, baseline, status, stage } = rollout;
  const at = Date.parse(rollout.endedAt ?? rollout.startedAt);
  return (
    <Link to="/p/$project/rollouts/$id" params={{ project, id: rollout.id }} className="card">
      <StatusMark mark={statusMark[status]} size={17} />
      <span className="card-text">
        <span className="card-title">{words.title(rollout.number, rollout.endpoint)}</span>
        <span>{words.what(candidate.model, words.version(candidate.version), baseline && words.version(baseline.version))}</span>
        <span className="card-facts num">
          <span className={`card-state card-${statusMark[status]}`}>
            {words.status[status]}
            {!isOver(rollout) && stage !== 'ended' && `, ${stage === 'loading' ? words.loading : words.stage[stage].toLocaleLowerCase()}`}
          </span>
          {!isOver(rollout) && rollout.share > 0 && <span>{words.shareNow(f.percent(rollout.share))}</span>}
          <time dateTime={rollout.endedAt ?? rollout.startedAt} title={f.moment(at)}>
            {f.dayHour(at)} UTC
          </time>
          {rollout.evidence > 0 && <span>{words.events(f.number(rollout.evidence), rollout.evidence)}</span>}
        </span>
      </span>
    </Link>
  );
};
