import type { Dataset } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useNow } from '../../ui/use-now.ts';
import { byteSize } from './byte-size.ts';
import { shortCell } from './cell-text.ts';
import { dataKey, datasetsQuery } from './queries.ts';
import { ScrollBox } from './scroll-box.tsx';
import { UploadDialog } from './upload-dialog.tsx';
import { useDataWords } from './use-data-words.ts';
import { ValidationVerdict } from './validation-verdict.tsx';
import '../../ui/facts.css';
import './datasets.css';

/** Which data do we have, is it good, what changed? */
export const DataPage = () => {
  const { t } = useI18n();
  const words = useDataWords();
  const { project } = useParams({ from: '/p/$project/data' });
  const datasets = useInfiniteQuery(datasetsQuery(project));
  const [isAdding, setIsAdding] = useState(false);
  const live = useLiveProject({
    project,
    concerns: ({ type }) => type === 'dataset_version.created' || type === 'manifest.applied',
    keys: [dataKey(project)],
  });
  return (
    <LivePage
      project={project}
      title={t.nav.data}
      lead={words.question}
      query={datasets}
      live={live}
      actions={
        <Button variant="default" onClick={() => setIsAdding(true)}>
          {words.upload.open}
        </Button>
      }
    >
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        return (
          <>
            {items.length === 0 ? (
              <Empty icon="data" title={words.empty.title} body={words.empty.body}>
                <CopyText text="boucle datasets add NAME FILE" />
              </Empty>
            ) : (
              <Panel title={words.list}>
                <ScrollBox label={words.list}>
                  <DatasetTable project={project} datasets={items} />
                </ScrollBox>
                {datasets.hasNextPage && (
                  <Button variant="default" mt={10} loading={datasets.isFetchingNextPage} onClick={() => void datasets.fetchNextPage()}>
                    {words.more}
                  </Button>
                )}
              </Panel>
            )}
            {isAdding && <UploadDialog project={project} onClose={() => setIsAdding(false)} />}
          </>
        );
      }}
    </LivePage>
  );
};

const DatasetTable = ({ project, datasets }: { project: string; datasets: readonly Dataset[] }) => {
  const { head } = useDataWords();
  return (
    <table className="table datasets-table">
      <thead>
        <tr>
          <th scope="col">{head.dataset}</th>
          <th scope="col">{head.version}</th>
          <th scope="col" className="cell-number">
            {head.rows}
          </th>
          <th scope="col" className="cell-number">
            {head.size}
          </th>
          <th scope="col">{head.validation}</th>
          <th scope="col">{head.when}</th>
          <th scope="col">{head.source}</th>
        </tr>
      </thead>
      <tbody>
        {datasets.map((dataset) => (
          <DatasetRow key={dataset.id} project={project} dataset={dataset} />
        ))}
      </tbody>
    </table>
  );
};

const DatasetRow = ({ project, dataset: { name, latest, newest } }: { project: string; dataset: Dataset }) => {
  const { f } = useI18n();
  const words = useDataWords();
  const now = useNow(30_000);
  const at = newest && Date.parse(newest.createdAt);
  return (
    <tr>
      <th scope="row" className="dataset-name">
        <Link to="/p/$project/data/$dataset" params={{ project, dataset: name }} className="text-link">
          {name}
        </Link>
      </th>
      <td className="num">{latest === null ? '–' : words.version(latest)}</td>
      <td className="num cell-number">{newest ? f.number(newest.rows) : '–'}</td>
      <td className="num cell-number nowrap">{newest ? byteSize(newest.bytes, f, words.size) : '–'}</td>
      <td className="nowrap">{latest === null ? '–' : <ValidationVerdict name={{ project, dataset: name, number: latest }} />}</td>
      <td className="num nowrap">
        {newest && at !== undefined ? (
          <time dateTime={newest.createdAt} title={f.moment(at)}>
            {words.ago(f.ago(at, now))}
          </time>
        ) : (
          '–'
        )}
      </td>
      <td>{newest?.source ? <bdi className="mono source-text">{shortCell(newest.source, 60)}</bdi> : '–'}</td>
    </tr>
  );
};
