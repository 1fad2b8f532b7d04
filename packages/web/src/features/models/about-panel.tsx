import { Panel } from '../../ui/panel.tsx';
import { useModelWords } from './use-model-words.ts';

/** What people wrote beside a model or a version: shown as text, whatever it holds. */
export const AboutPanel = ({ description, tags }: { description: string; tags: Readonly<Record<string, string>> }) => {
  const { about: words } = useModelWords();
  const entries = Object.entries(tags);
  return (
    <Panel title={words.title}>
      {description === '' && entries.length === 0 && <p className="quiet">{words.none}</p>}
      {description !== '' && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="written" dir="auto" tabIndex={0} role="group" aria-label={words.title}>
          {description}
        </div>
      )}
      {entries.length > 0 && (
        <dl className="tags" aria-label={words.tags}>
          {entries.map(([key, value]) => (
            <div key={key}>
              <dt dir="auto">{key}</dt>
              {/* Long ones scroll, also by keyboard. */}
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <dd dir="auto" tabIndex={0}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
};
