import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { dataKey, versionsQuery } from './queries.ts';
import { useDataWords } from './use-data-words.ts';

/** A dataset's address leads to its newest version. */
export const NewestVersionPage = () => {
  const { t } = useI18n();
  const words = useDataWords();
  const { project, dataset } = useParams({ from: '/p/$project/data/$dataset' });
  const versions = useQuery(versionsQuery(project, dataset));
  const live = useLiveProject({ project, concerns: ({ type }) => type === 'dataset_version.created', keys: [dataKey(project)] });
  return (
    <LivePage
      project={project}
      title={t.nav.data}
      lead={words.question}
      query={versions}
      live={live}
      above={
        <p className="page-above">
          <Link to="/p/$project/data" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
    >
      {({ items: [newest] }) =>
        newest ? (
          <Navigate
            to="/p/$project/data/$dataset/$number"
            params={{ project, dataset, number: String(newest.number) }}
            search={{}}
            replace
          />
        ) : (
          <p className="quiet">{words.missing}</p>
        )
      }
    </LivePage>
  );
};
