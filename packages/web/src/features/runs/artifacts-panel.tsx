import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ArtifactPreview } from './artifact-preview.tsx';
import { bytesText } from './bytes-text.ts';
import { artifactsQuery } from './queries.ts';
import type { RunSearch } from './runs-search.ts';
import { useRunsWords } from './use-runs-words.ts';

interface ArtifactsPanelProps {
  readonly project: string;
  readonly runId: string;
  readonly search: RunSearch;
  readonly onSearch: (next: { folder?: string | undefined; file?: string | undefined }) => void;
}

/** A folder at a time, and the file that is looked at beside it; both are in the address. */
export const ArtifactsPanel = ({ project, runId, search: { folder = '', file }, onSearch }: ArtifactsPanelProps) => {
  const { f } = useI18n();
  const words = useRunsWords().run.artifacts;
  const listed = useInfiniteQuery(artifactsQuery(project, runId, folder));
  const entries = listed.data?.pages.flatMap(({ items }) => items) ?? [];
  const steps = folder === '' ? [] : folder.split('/');
  return (
    <Panel title={words.title}>
      <div className="artifacts">
        <div className="artifacts-side">
          <nav aria-label={words.path} className="artifact-crumbs">
            <button type="button" onClick={() => onSearch({ folder: undefined })}>
              {words.root}
            </button>
            {steps.map((step, i) => (
              <span key={i}>
                /{' '}
                <button type="button" onClick={() => onSearch({ folder: steps.slice(0, i + 1).join('/') })} dir="auto">
                  {step}
                </button>
              </span>
            ))}
          </nav>
          {listed.error && !listed.data && <Problem error={listed.error} onRetry={() => void listed.refetch()} />}
          <ul className="plain-list artifact-list">
            {entries.map(({ path, kind, size }) => {
              const name = path.slice(path.lastIndexOf('/') + 1);
              return (
                <li key={path}>
                  <button
                    type="button"
                    {...(path === file && { 'aria-current': true })}
                    onClick={() => onSearch(kind === 'folder' ? { folder: path } : { file: path })}
                  >
                    <span className="clip" title={name} dir="auto">
                      {name}
                      {kind === 'folder' && '/'}
                    </span>
                    <span className="quiet num">{size === null ? words.folder : bytesText(f, size)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
          {listed.data && entries.length === 0 && <p className="small-note">{words.none}</p>}
          {listed.hasNextPage && (
            <Button variant="default" size="compact-xs" onClick={() => void listed.fetchNextPage()}>
              {words.more}
            </Button>
          )}
        </div>
        {file === undefined ? (
          entries.length > 0 && <p className="small-note">{words.choose}</p>
        ) : (
          <ArtifactPreview key={file} project={project} runId={runId} path={file} />
        )}
      </div>
    </Panel>
  );
};
