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
        <p className="written" dir="auto">
          {description}
        </p>
      )}
      {entries.length > 0 && (
        <dl className="tags" aria-label={words.tags}>
          {entries.map(([key, value]) => (
            <div key={key}>
              <dt dir="auto">{key}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
};
