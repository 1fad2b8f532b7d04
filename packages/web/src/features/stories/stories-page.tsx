import type { StorySummary } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { stateMark } from './chapters.ts';
import { storiesQuery } from './queries.ts';
import { useStoryTitle } from './use-story-title.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';
import '../../ui/card.css';
import './stories.css';

/** They come many times a second, and none of them is a chapter. */
const quiet = new Set(['step_run.progressed', 'predictions.counted', 'feedback.recorded', 'window.closed']);

/** What caused this, and what followed? */
export const StoriesPage = () => {
  const { t } = useI18n();
  const words = useWords({ en, fr });
  const { project } = useParams({ from: '/p/$project/stories' });
  const stories = useQuery(storiesQuery(project));
  const live = useLiveProject({
    project,
    concerns: ({ type, correlationId }) => correlationId !== null && !quiet.has(type),
    keys: [storiesQuery(project).queryKey],
  });
  return (
    <LivePage project={project} title={t.nav.stories} lead={words.question} query={stories} live={live}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="stories" title={words.empty.title} body={words.empty.body}>
            {words.empty.next} <CopyText text="boucle pipelines run training" />
          </Empty>
        ) : (
          <ol className="cards plain-list" aria-label={words.list}>
            {items.map((story) => (
              <li key={story.correlationId}>
                <StoryCard project={project} story={story} />
              </li>
            ))}
          </ol>
        )
      }
    </LivePage>
  );
};

const StoryCard = ({ project, story }: { project: string; story: StorySummary }) => {
  const { f } = useI18n();
  const words = useWords({ en, fr });
  const titleOf = useStoryTitle();
  const [from, to] = [Date.parse(story.from), Date.parse(story.to)];
  return (
    <Link to="/p/$project/stories/$id" params={{ project, id: story.correlationId }} className="card">
      <StatusMark mark={stateMark[story.state]} size={17} />
      <span className="card-text">
        <span className="card-title">{titleOf(story.title)}</span>
        <span className="card-facts num">
          <span className={`card-state card-${stateMark[story.state]}`}>{words.state[story.state]}</span>
          <time dateTime={story.to} title={f.moment(to)}>
            {f.span(from, to)} UTC
          </time>
          <span>{words.chapters(f.number(story.events), story.events)}</span>
        </span>
      </span>
    </Link>
  );
};
