import type { Chapter, Story } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { LivePage } from '../../live/live-page.tsx';
import { newsOf } from '../../live/news.ts';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { shortId } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { sentenceOf } from '../overview/story-sentence.ts';
import type { StoryFact } from '../overview/story-fact.ts';
import { tellEach } from '../overview/story.ts';
import { chaptersByDay, stateMark, toneMark } from './chapters.ts';
import { EvidenceLink } from './evidence-link.tsx';
import { wholeStoryQuery } from './queries.ts';
import { useStoryTitle } from './use-story-title.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';
import './stories.css';

/** One story, from what set it off to how it came out. */
export const StoryPage = () => {
  const { t } = useI18n();
  const words = useWords({ en, fr });
  const titleOf = useStoryTitle();
  const { project, id } = useParams({ from: '/p/$project/stories/$id' });
  const query = wholeStoryQuery(project, id);
  const story = useQuery(query);
  const live = useLiveProject({ project, concerns: ({ correlationId }) => correlationId === id, keys: [query.queryKey] });
  return (
    <LivePage
      project={project}
      title={story.data ? titleOf(story.data.title) : t.nav.stories}
      lead={story.data ? <Lead story={story.data} /> : words.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/stories" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      query={story}
      live={live}
    >
      {(told) => <Chapters project={project} story={told} />}
    </LivePage>
  );
};

const Lead = ({ story }: { story: Story }) => {
  const { t, f } = useI18n();
  const words = useWords({ en, fr });
  return (
    <span className="lead-facts num">
      <StatusMark mark={stateMark[story.state]} size={14} />
      <strong>{words.state[story.state]}</strong>
      <span>{f.span(Date.parse(story.from), Date.parse(story.to))} UTC</span>
      <span>{words.events(f.number(story.events.length), story.events.length)}</span>
      <CopyText text={story.correlationId} shown={shortId(story.correlationId)} label={t.story.id} />
    </span>
  );
};

const Chapters = ({ project, story }: { project: string; story: Story }) => {
  const { f, language } = useI18n();
  const words = useWords({ en, fr });
  const days = useMemo(() => chaptersByDay(story.chapters), [story.chapters]);
  // The server tells in English: in another language the event is told from its facts.
  const facts = useMemo(() => (language === 'en' ? undefined : tellEach(newsOf(story.events))), [story.events, language]);
  return (
    <Panel title={words.chaptersTitle} note={words.chaptersNote}>
      {days.map(({ at, chapters }) => (
        <section key={at} className="day" aria-label={f.day(at)}>
          <h3 className="day-name">{f.day(at)}</h3>
          <ol className="chapters plain-list">
            {chapters.map((chapter) => (
              <ChapterLine key={chapter.seq} project={project} chapter={chapter} fact={facts?.get(chapter.seq)} />
            ))}
          </ol>
        </section>
      ))}
    </Panel>
  );
};

const ChapterLine = ({ project, chapter, fact }: { project: string; chapter: Chapter; fact: StoryFact | undefined }) => {
  const { f } = useI18n();
  const words = useWords({ en, fr });
  const at = Date.parse(chapter.at);
  const mark = toneMark[chapter.tone];
  return (
    <li className={`chapter chapter-${chapter.tone}`}>
      <time className="chapter-time num" dateTime={chapter.at} title={f.moment(at)}>
        {f.hour(at)}
      </time>
      <span className="chapter-station" title={words.station[chapter.station]}>
        <Icon name={chapter.station} size={16} />
        <span className="chapter-where">{words.station[chapter.station]}</span>
      </span>
      <span className="chapter-mark">
        {mark && chapter.tone !== 'plain' && <StatusMark mark={mark} size={14} label={words.tone[chapter.tone]} />}
      </span>
      <div className="chapter-text">
        <p className="chapter-sentence">{fact ? <OwnSentence fact={fact} /> : <ServerText text={chapter.sentence} />}</p>
        {chapter.evidence.length > 0 && (
          <ul className="chapter-evidence plain-list">
            {chapter.evidence.map((evidence) => (
              <li key={evidence.href}>
                <EvidenceLink project={project} {...evidence} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
};

const OwnSentence = ({ fact }: { fact: StoryFact }) => {
  const { t, f } = useI18n();
  const { what, detail, wrong } = sentenceOf(fact, t, f);
  return (
    <span>
      {what}
      {(detail || wrong) && <span className="chapter-detail">{[detail, wrong].filter(Boolean).join('. ')}</span>}
    </span>
  );
};
