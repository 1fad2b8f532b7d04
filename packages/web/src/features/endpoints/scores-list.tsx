import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalBar } from '../../ui/interval-bar.tsx';
import { type Score, shownOf } from './scores.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

/** Each label with its score, in figures and as a bar. */
export const ScoresList = ({ scores }: { scores: readonly Score[] }) => {
  const { f } = useI18n();
  const { scores: words } = useEndpointWords();
  const shown = shownOf(scores);
  return (
    <>
      <ul className="scores plain-list num" aria-label={words.title}>
        {shown.map(({ label, score }) => (
          <li key={label}>
            <span className="score-label" dir="auto">
              {label}
            </span>
            <span className="score-value">{f.percent(score, 1)}</span>
            <IntervalBar value={score} low={0} high={Math.min(1, Math.max(0, score))} />
          </li>
        ))}
      </ul>
      {scores.length > shown.length && <p className="quiet small">{words.more(scores.length - shown.length)}</p>}
    </>
  );
};
