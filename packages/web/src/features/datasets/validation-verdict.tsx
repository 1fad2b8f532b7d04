import type { ValidationResult } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { validationQuery, type VersionName } from './queries.ts';
import { useDataWords } from './use-data-words.ts';

/** Whether a version meets what is expected today, in a word. */
export const ValidationVerdict = ({ name }: { name: VersionName }) => {
  const { f } = useI18n();
  const { verdict: words } = useDataWords();
  const { data, error } = useQuery(validationQuery(name));
  const say = (mark: Mark, text: string) => (
    <span className="with-mark">
      <StatusMark mark={mark} size={14} />
      {text}
    </span>
  );
  if (error) return say('attention', words.unknown);
  if (!data) return say('running', words.checking);
  if (!data.result) return say('idle', words.none);
  const { failed, warned } = countsOf(data.result);
  if (failed > 0) return say('broken', words.failed(f.number(failed)));
  return warned > 0 ? say('attention', words.warned(f.number(warned), warned)) : say('ok', words.met);
};

const countsOf = ({ results }: ValidationResult) => {
  const bad = results.filter(({ outcome }) => outcome !== 'passed');
  const warned = bad.filter(({ expectation }) => expectation.level === 'warning').length;
  return { failed: bad.length - warned, warned };
};
