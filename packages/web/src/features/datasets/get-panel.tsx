import type { DatasetVersion } from '@boucle/contract';
import { CopyText } from '../../ui/copy-text.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { useDataWords } from './use-data-words.ts';

/** The digests, the file, and the three lines that open it. */
export const GetPanel = ({ version }: { version: DatasetVersion }) => {
  const { get: words } = useDataWords();
  const path = `/api/v1/projects/${version.project}/datasets/${version.dataset}/versions/${version.number}/data.parquet`;
  const url = location.origin + path;
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <a href={path} download={`${version.dataset}-${version.number}.parquet`} className="text-link">
          {words.download}
        </a>
      }
    >
      <Facts
        className="facts"
        of={[
          [words.digest, <CopyText key="digest" text={version.digest} shown={shortDigest(version.digest)} label={words.digest} />],
          [words.blob, <CopyText key="blob" text={version.blob} shown={shortDigest(version.blob)} label={words.blob} />],
        ]}
      />
      <Lines title={words.pandas} lines={['import pandas as pd', `rows = pd.read_parquet("${url}")`, 'rows.head()']} />
      <Lines
        title={words.duckdb}
        lines={['INSTALL httpfs; LOAD httpfs;', `CREATE TABLE rows AS FROM read_parquet('${url}');`, 'SUMMARIZE rows;']}
      />
      <p className="small-note">{words.token}</p>
    </Panel>
  );
};

const Lines = ({ title, lines }: { title: string; lines: readonly string[] }) => (
  <div className="code-lines">
    <div className="code-head">
      <h3 className="changes-title">{title}</h3>
      <CopyText text={lines.join('\n')} shown="" label={title} />
    </div>
    {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
    <pre tabIndex={0} className="mono">
      {lines.join('\n')}
    </pre>
  </div>
);
