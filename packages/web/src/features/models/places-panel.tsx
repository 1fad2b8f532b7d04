import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Place } from './followers.ts';
import { useModelWords } from './use-model-words.ts';

export const PlacesPanel = ({ project, places }: { project: string; places: readonly Place[] }) => {
  const { f } = useI18n();
  const { places: words, version: name } = useModelWords();
  return (
    <Panel title={words.title} note={words.note}>
      {places.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="places plain-list num">
          {places.map(({ endpoint, environment, version, share, mode }) => (
            <li key={`${endpoint} ${version} ${mode}`}>
              <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint }} className="text-link">
                {endpoint}
              </Link>{' '}
              <span>
                {name(version)}, {f.percent(share)}
              </span>{' '}
              <span className="quiet">{mode === 'shadow' ? words.shadow : environment}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};
