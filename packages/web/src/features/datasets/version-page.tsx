import type { DatasetVersion } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { byteSize } from './byte-size.ts';
import { shortCell } from './cell-text.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { ColumnsPanel } from './columns-panel.tsx';
import { GetPanel } from './get-panel.tsx';
import { dataKey, usesQuery, type VersionName, versionQuery, versionsQuery } from './queries.ts';
import { RowsPanel } from './rows-panel.tsx';
import { UploadDialog } from './upload-dialog.tsx';
import { useDataWords } from './use-data-words.ts';
import { UsesPanel } from './uses-panel.tsx';
import { ValidationPanel } from './validation-panel.tsx';
import { ValidationVerdict } from './validation-verdict.tsx';
import '../../ui/facts.css';
import './datasets.css';

/** Can I trust this version? */
export const VersionPage = () => {
  const words = useDataWords();
  const { project, dataset, number } = useParams({ from: '/p/$project/data/$dataset/$number' });
  const name: VersionName = { project, dataset, number: Number(number) };
  const version = useQuery(versionQuery(name));
  const [isAdding, setIsAdding] = useState(false);
  const digest = version.data?.digest;
  const live = useLiveProject({
    project,
    concerns: ({ type, data }) =>
      (type === 'dataset_version.created' && data['dataset'] === dataset) ||
      type === 'manifest.applied' ||
      type === 'pipeline_run.ended' ||
      type === 'model_version.registered',
    keys: [
      versionsQuery(project, dataset).queryKey,
      [...dataKey(project), 'datasets'],
      ...(digest ? [usesQuery(project, digest).queryKey] : []),
    ],
  });
  return (
    <LivePage
      project={project}
      title={words.title(dataset, name.number)}
      lead={words.trust}
      above={
        <p className="page-above">
          <Link to="/p/$project/data" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      actions={
        <Button variant="default" onClick={() => setIsAdding(true)}>
          {words.upload.open}
        </Button>
      }
      query={version}
      live={live}
    >
      {(known) => (
        <>
          <Loaded name={name} version={known} />
          {isAdding && <UploadDialog project={project} dataset={dataset} onClose={() => setIsAdding(false)} />}
        </>
      )}
    </LivePage>
  );
};

const Loaded = ({ name, version }: { name: VersionName; version: DatasetVersion }) => (
  <div className="version">
    <VersionFacts name={name} version={version} />
    <div className="version-pair">
      <ChangesPanel name={name} version={version} />
      <ValidationPanel name={name} />
    </div>
    <ColumnsPanel name={name} version={version} />
    <RowsPanel name={name} version={version} />
    <div className="version-pair">
      <UsesPanel project={name.project} digest={version.digest} />
      <GetPanel version={version} />
    </div>
  </div>
);

const VersionFacts = ({ name, version }: { name: VersionName; version: DatasetVersion }) => {
  const { f } = useI18n();
  const words = useDataWords();
  const at = Date.parse(version.createdAt);
  const { facts } = words;
  return (
    <section className="panel version-facts" aria-label={words.title(name.dataset, name.number)}>
      <dl className="num">
        <div>
          <dt>{facts.rows}</dt>
          <dd>{f.number(version.rows)}</dd>
        </div>
        <div>
          <dt>{facts.columns}</dt>
          <dd>{f.number(version.columns.length)}</dd>
        </div>
        <div>
          <dt>{facts.size}</dt>
          <dd>{byteSize(version.bytes, f, words.size)}</dd>
        </div>
        <div>
          <dt>{facts.expectations}</dt>
          <dd>
            <ValidationVerdict name={name} />
          </dd>
        </div>
        <div>
          <dt>{facts.key}</dt>
          <dd>
            {version.key.length > 0 ? <bdi>{shortCell(version.key.join(', '), 80)}</bdi> : <span className="quiet">{words.noKey}</span>}
            {version.repeatedKeys > 0 && <span className="quiet"> ({words.repeated(f.number(version.repeatedKeys))})</span>}
          </dd>
        </div>
        <div>
          <dt>{facts.came}</dt>
          <dd>
            <time dateTime={version.createdAt} title={f.moment(at)}>
              {f.dayHour(at)} UTC
            </time>{' '}
            {facts.by} {version.createdBy},{' '}
            <Link to="/p/$project/stories/$id" params={{ project: name.project, id: version.correlationId }} className="text-link">
              {words.story}
            </Link>
          </dd>
        </div>
        {version.source !== '' && (
          <div>
            <dt>{facts.source}</dt>
            <dd className="mono">
              <bdi title={version.source.length > 60 ? version.source : undefined}>{shortCell(version.source, 60)}</bdi>
            </dd>
          </div>
        )}
      </dl>
      <Versions name={name} />
    </section>
  );
};

const Versions = ({ name: { project, dataset, number } }: { name: VersionName }) => {
  const { f } = useI18n();
  const words = useDataWords();
  const { data } = useQuery(versionsQuery(project, dataset));
  if (!data || data.items.length < 2) return null;
  return (
    <nav aria-label={words.versions} className="version-list">
      <ul className="plain-list num">
        {data.items.map((version) => (
          <li key={version.id}>
            <Link
              to="/p/$project/data/$dataset/$number"
              params={{ project, dataset, number: String(version.number) }}
              search={{}}
              className={version.number === number ? 'version-link version-chosen' : 'version-link'}
              aria-current={version.number === number ? 'page' : undefined}
              activeProps={{}}
              title={`${f.moment(Date.parse(version.createdAt))}, ${f.number(version.rows)}`}
            >
              {words.version(version.number)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
};
