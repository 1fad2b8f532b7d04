import { Skeleton } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { UnknownProject } from '../features/projects/unknown-project.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { PageHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { useNow } from '../ui/use-now.ts';
import { usePageTitle } from '../ui/use-page-title.ts';
import { ConnectionLine } from './connection-line.tsx';
import { LostNotice } from './lost-notice.tsx';
import { projectsQuery } from './queries.ts';
import type { Live } from './use-live-project.ts';

interface LivePageProps<T> {
  readonly project: string;
  readonly title: string;
  readonly lead: ReactNode;
  /** Stands above the title: the way back. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly query: UseQueryResult<T>;
  readonly live: Live;
  readonly children: (data: T) => ReactNode;
}

/** A page that has loaded, is loading or could not, and says whether it tells the present. */
export const LivePage = <T,>({ project, title, lead, above, actions, query, live, children }: LivePageProps<T>) => {
  const { t } = useI18n();
  usePageTitle(t.title(title, project));
  const projects = useQuery(projectsQuery);
  const { data, error, dataUpdatedAt } = query;
  const isUnknown = projects.data !== undefined && !projects.data.items.some(({ name }) => name === project);
  if (error && isUnknown) return <UnknownProject project={project} />;
  return (
    <>
      {above}
      <PageHead
        title={title}
        lead={lead}
        aside={
          <>
            {actions}
            {data !== undefined && <Present live={live} at={dataUpdatedAt} hasFailed={error !== null} />}
          </>
        }
      />
      {data !== undefined && (live.connection === 'lost' || error) && (
        <LostNotice at={dataUpdatedAt} isSilent={error !== null} onAsk={live.refresh} />
      )}
      {data !== undefined ? children(data) : error ? <Problem error={error} onRetry={() => void query.refetch()} /> : <Waiting />}
    </>
  );
};

/** By itself, so that a second that passes draws one line and not the page. */
const Present = ({ live, at, hasFailed }: { live: Live; at: number; hasFailed: boolean }) => (
  <ConnectionLine connection={hasFailed ? 'lost' : live.connection} at={at} now={useNow(1000)} />
);

const Waiting = () => {
  const { t } = useI18n();
  return (
    <div aria-busy="true" role="status" aria-label={t.app.loading}>
      <Skeleton height={150} radius="lg" mb={18} />
      <Skeleton height={320} radius="lg" />
    </div>
  );
};
