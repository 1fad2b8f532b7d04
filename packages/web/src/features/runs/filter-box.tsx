import { useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { countQuery, wrongFilterIn, type WrongFilter } from './queries.ts';
import { useRunsWords } from './use-runs-words.ts';

const restMs = 350;

interface FilterBoxProps {
  readonly project: string;
  /** What the address says; perhaps by somebody else's hand, and wrong. */
  readonly applied: string;
  readonly experiments: string | undefined;
  readonly refused: WrongFilter | undefined;
  readonly onApply: (text: string) => void;
}

/** The server reads the filter after each rest, and only one that it understands becomes the page's. */
export const FilterBox = ({ project, applied, experiments, refused, onApply }: FilterBoxProps) => {
  const words = useRunsWords();
  const queries = useQueryClient();
  const [text, setText] = useState(applied);
  const [found, setFound] = useState<{ readonly text: string; readonly wrong: WrongFilter | undefined }>();
  const [scrolled, setScrolled] = useState(0);
  const typed = useRef(false);
  const messageId = useId();
  // The address changes by itself, too: by the back button, by a saved view.
  const adopt = useEffectEvent(() => {
    typed.current = false;
    if (text.trim() !== applied) setText(applied);
  });
  useEffect(() => adopt(), [applied]);

  const apply = useEffectEvent(async () => {
    const q = text.trim();
    typed.current = false;
    if (q === applied) return setFound(undefined);
    try {
      await queries.fetchQuery({ ...countQuery(project, { q, experiments }), retry: false });
      setFound(undefined);
      onApply(q);
    } catch (error) {
      const wrong = wrongFilterIn(error);
      setFound({ text, wrong });
      // A server that does not answer says so on the page, not at a character.
      if (!wrong) onApply(q);
    }
    return undefined;
  });
  useEffect(() => {
    if (!typed.current) return undefined;
    const rest = setTimeout(() => void apply(), restMs);
    return () => clearTimeout(rest);
  }, [text]);

  const wrong = found?.text === text ? found.wrong : text.trim() === applied ? refused : undefined;
  const isUnfinished = wrong !== undefined && wrong.position >= text.trimEnd().length;
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    typed.current = true;
    setText(event.currentTarget.value);
  };
  return (
    <div className="filter" role="search">
      <div className="filter-line">
        <input
          className="filter-input mono"
          value={text}
          maxLength={20_000}
          aria-label={words.filter.label}
          placeholder={words.filter.example}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong !== undefined && !isUnfinished}
          {...(wrong && { 'aria-describedby': messageId })}
          onChange={change}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
          onKeyDown={(event) => event.key === 'Enter' && void apply()}
        />
        {wrong && !isUnfinished && (
          // The same letters in the same place, so that the mark is where the character is, however wide those before it are.
          <div className="filter-mirror mono" aria-hidden="true">
            <div style={{ transform: `translateX(${-scrolled}px)` }}>
              <span>{text.slice(0, wrong.position)}</span>
              <span className="filter-mark">{text.slice(wrong.position, wrong.position + 1) || ' '}</span>
            </div>
          </div>
        )}
        {text && (
          <button
            type="button"
            className="filter-clear"
            aria-label={words.filter.clear}
            onClick={() => {
              typed.current = false;
              setText('');
              setFound(undefined);
              onApply('');
            }}
          >
            ×
          </button>
        )}
      </div>
      <div id={messageId} role="status" className={isUnfinished ? 'filter-said quiet' : 'filter-said filter-wrong'}>
        {wrong && (
          <>
            {!isUnfinished && <StatusMark mark="broken" size={13} />}
            <span>
              {isUnfinished ? words.filter.goOn : words.filter.wrong(wrong.position + 1)} <ServerText text={wrong.expected} />
            </span>
          </>
        )}
      </div>
    </div>
  );
};
