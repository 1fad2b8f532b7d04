import { ApiError } from '@boucle/sdk';
import { Button } from '@mantine/core';
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { ServerText } from '../../ui/server-text.tsx';
import { useModelWords } from './use-model-words.ts';

/** Long enough to finish a word. */
const restMs = 350;

interface FilterBoxProps {
  readonly filter: string;
  readonly error: Error | null;
  readonly onFilter: (filter: string) => void;
}

/** What is typed is applied shortly after the last key, or at once on Enter; what is wrong with it stands below. */
export const FilterBox = ({ filter, error, onFilter }: FilterBoxProps) => {
  const { filter: words } = useModelWords();
  const [text, setText] = useState(filter);
  const hint = useId();
  const applied = useRef(filter);
  const apply = (next: string) => {
    applied.current = next;
    if (next !== filter) onFilter(next);
  };
  const applyTyped = useEffectEvent(() => apply(text));
  useEffect(() => {
    const timer = setTimeout(() => applyTyped(), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  // Back and forward bring another filter; our own comes back late, when more may have been typed.
  useEffect(() => {
    if (filter === applied.current) return;
    applied.current = filter;
    setText(filter);
  }, [filter]);
  const isWrong = error instanceof ApiError && error.reason === 'bad_filter';
  return (
    <form
      className="filter-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <label className="filter-field">
        {words.label}
        <input
          type="search"
          className="mono"
          value={text}
          placeholder={words.example}
          aria-describedby={hint}
          aria-invalid={isWrong}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {text !== '' && (
        <Button variant="default" onClick={() => (setText(''), apply(''))}>
          {words.clear}
        </Button>
      )}
      <p id={hint} className={isWrong ? 'filter-hint filter-wrong' : 'filter-hint'} role="status">
        {isWrong ? <ServerText text={error.message} /> : words.hint}
      </p>
    </form>
  );
};
