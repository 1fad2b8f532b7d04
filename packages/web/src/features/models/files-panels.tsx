import type { ModelVersion } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { fileQuery, filesQuery, shownBytes } from './queries.ts';
import { Source } from './signature-panel.tsx';
import { sizeOf } from './size.ts';
import { useModelWords } from './use-model-words.ts';

/** What people are told of a package by itself. */
export const CardPanel = ({ version: { project, digest } }: { version: ModelVersion }) => {
  const { card: words } = useModelWords();
  const files = useQuery(filesQuery(project, digest));
  const card = files.data?.find(({ path }) => path === 'card.md' || path === 'README.md');
  const text = useQuery(fileQuery(project, card?.blob)).data;
  return (
    <Panel title={words.title} note={card?.path}>
      {text !== undefined ? (
        <Source text={text} label={words.title} />
      ) : files.isLoading || card ? null : (
        <p className="quiet">{words.none}</p>
      )}
      {card && card.size > shownBytes && <p className="quiet small">{words.cut}</p>}
    </Panel>
  );
};

/** The package, file by file: the digest says whether two have the same. */
export const FilesPanel = ({ version: { project, model, number, digest } }: { version: ModelVersion }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { data: files, error } = useQuery(filesQuery(project, digest));
  const bytes = (files ?? []).reduce((sum, { size }) => sum + size, 0);
  const address = `/api/v1/projects/${encodeURIComponent(project)}/models/${encodeURIComponent(model)}/versions/${number}/file?path=`;
  return (
    <Panel
      title={words.files.title}
      {...(files && { note: words.files.note(f.number(files.length), files.length, sizeOf(bytes, words.byteUnits, f)) })}
    >
      {digest === null && <p className="quiet">{words.files.none}</p>}
      {error && <p className="quiet">{words.files.cannot}</p>}
      {files && (
        <ScrollTable label={words.files.title}>
          <thead>
            <tr>
              <th scope="col">{words.files.file}</th>
              <th scope="col" className="cell-number">
                {words.files.size}
              </th>
              <th scope="col">{words.files.digest}</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ path, size, blob }) => (
              <tr key={path}>
                <th scope="row" className="cell-name">
                  <a href={address + encodeURIComponent(path)} download className="text-link" title={words.files.download(path)} dir="auto">
                    {path}
                  </a>
                </th>
                <td className="cell-number nowrap">{sizeOf(size, words.byteUnits, f)}</td>
                <td className="nowrap">
                  <CopyText text={blob} shown={shortDigest(blob)} />
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
};
