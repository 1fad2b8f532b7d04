import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest, shortId } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { sentenceOf } from './story-sentence.ts';
import { stepMark } from './step-status.ts';
import type { PipelineFact, StoryEntry } from './story-fact.ts';
import { useStickToEnd } from './use-stick-to-end.ts';
import './story-panel.css';

interface StoryPanelProps {
  readonly project: string;
  readonly correlationId: string | null;
  readonly entries: readonly StoryEntry[];
  readonly now: number;
}

export const StoryPanel = ({ project, correlationId, entries, now }: StoryPanelProps) => {
  const { t } = useI18n();
  const end = useStickToEnd(entries);
  return (
    <Panel
      className="story-panel"
      title={t.story.title}
      note={t.story.note}
      actions={
        correlationId !== null && (
          <>
            <CopyText text={correlationId} shown={shortId(correlationId)} label={t.story.id} />
            <Link to="/p/$project/stories/$id" params={{ project, id: correlationId }} className="text-link">
              {t.story.whole}
            </Link>
          </>
        )
      }
    >
      {/* Focusable, for what scrolls must scroll by keyboard, too. */}
      <div className="story-scroll" ref={end} tabIndex={0} role="group" aria-label={t.story.title}>
        {entries.length === 0 && <p className="quiet">{t.story.empty}</p>}
        <ol className="story">
          {entries.map((entry) => (
            <Entry key={entry.key} entry={entry} now={now} />
          ))}
        </ol>
      </div>
    </Panel>
  );
};

const Entry = ({ entry: { mark, at, fact }, now }: { entry: StoryEntry; now: number }) => {
  const { t, f } = useI18n();
  const { what, detail, wrong, digest } = sentenceOf(fact, t, f);
  return (
    <li className={`story-entry story-${mark}`}>
      <StatusMark mark={mark} size={15} label={t.mark[mark]} />
      <div className="story-text">
        <div className="story-head">
          <span className="story-what">{what}</span>
          <time className="story-time num" dateTime={new Date(at).toISOString()} title={f.moment(at)}>
            {t.ago(f.ago(at, now))}
          </time>
        </div>
        {detail && <div className="story-detail num">{detail}</div>}
        {fact.kind === 'pipeline' && <Steps fact={fact} />}
        {wrong && <div className="story-wrong">{wrong}</div>}
        {digest && (
          <div className="story-detail">
            <CopyText text={digest} shown={shortDigest(digest)} label={`${t.story.digest} ${shortDigest(digest)}`} />
          </div>
        )}
      </div>
    </li>
  );
};

/** Each step as it was heard of, in that order. */
const Steps = ({ fact }: { fact: PipelineFact }) => {
  const { t } = useI18n();
  return (
    <ol className="story-steps">
      {Object.entries(fact.heard).map(([step, { status }]) => (
        <li key={step}>
          <StatusMark mark={stepMark(status)} size={12} label={t.steps.status[status]} />
          <span className="clip">{step}</span>
        </li>
      ))}
    </ol>
  );
};
