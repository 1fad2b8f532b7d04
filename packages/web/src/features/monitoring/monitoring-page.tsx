import type { BoucleEvent, Monitor } from '@boucle/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { AlertsPanel } from './alerts-panel.tsx';
import { PerformancePanel } from './performance-panel.tsx';
import { monitoringKey, monitorsQuery, windowQuery, windowsQuery } from './queries.ts';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { WindowDetail } from './window-detail.tsx';
import { WindowStrip } from './window-strip.tsx';
import '../../ui/facts.css';
import './monitoring.css';

const news = /^(window|drift|quality|kpi|alert|manifest)\./;
const concerns = ({ type }: BoucleEvent): boolean => news.test(type);

/** What has changed in the world, and how sure are we? */
export const MonitoringPage = () => {
  const { t } = useI18n();
  const words = useMonitoringWords();
  const { project } = useParams({ from: '/p/$project/monitoring' });
  const monitors = useQuery(monitorsQuery(project));
  const live = useLiveProject({ project, concerns, keys: [monitoringKey(project)] });
  return (
    <LivePage project={project} title={t.nav.monitoring} lead={words.question} query={monitors} live={live}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="monitoring" title={words.empty.title} body={words.empty.body}>
            {words.empty.next} <CopyText text="boucle apply" />
          </Empty>
        ) : (
          <Watched project={project} monitors={items} onChange={live.refresh} />
        )
      }
    </LivePage>
  );
};

const Watched = ({ project, monitors, onChange }: { project: string; monitors: readonly Monitor[]; onChange: () => void }) => {
  const search = useSearch({ from: '/p/$project/monitoring' });
  const chosen = useQuery({ ...windowQuery(project, search.window ?? ''), enabled: search.window !== undefined });
  // A link to a window need not know whose it is.
  const name = search.monitor ?? chosen.data?.monitor;
  const monitor = monitors.find((one) => one.name === name) ?? monitors[0]!;
  return (
    <div className="monitoring">
      {monitors.length > 1 && <MonitorList project={project} monitors={monitors} chosen={monitor} />}
      <AlertsPanel project={project} chosen={search.alert} onChange={onChange} />
      <Watch key={monitor.name} project={project} monitor={monitor} />
    </div>
  );
};

const stateMarks = { waiting: 'idle', watching: 'ok', failed: 'broken' } as const;
const MonitorList = ({ project, monitors, chosen }: { project: string; monitors: readonly Monitor[]; chosen: Monitor }) => {
  const words = useMonitoringWords();
  return (
    <nav aria-label={words.monitors}>
      <ul className="monitor-list plain-list">
        {monitors.map((monitor) => (
          <li key={monitor.name}>
            <Link
              to="/p/$project/monitoring"
              params={{ project }}
              search={{ monitor: monitor.name }}
              className={monitor === chosen ? 'monitor-link monitor-chosen' : 'monitor-link'}
              aria-current={monitor === chosen ? 'page' : undefined}
              activeProps={{}}
            >
              <StatusMark mark={stateMarks[monitor.state]} size={14} label={words.state[monitor.state]} />
              {words.watches(monitor.name, monitor.endpoint)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
};

const Watch = ({ project, monitor }: { project: string; monitor: Monitor }) => {
  const words = useMonitoringWords();
  const search = useSearch({ from: '/p/$project/monitoring' });
  const windows = useInfiniteQuery(windowsQuery(project, monitor.name));
  const known = useMemo(() => (windows.data?.pages ?? []).flatMap(({ items }) => items).reverse(), [windows.data]);
  const chosen = search.window ?? known.at(-1)?.id;
  const detail = useQuery({ ...windowQuery(project, chosen ?? ''), enabled: chosen !== undefined });
  return (
    <>
      {monitor.message !== null && (
        <Notice
          mark={monitor.state === 'failed' ? 'broken' : 'attention'}
          title={words.state[monitor.state]}
          body={<ServerText text={monitor.message} />}
        />
      )}
      {monitor.qualityBlocks && <Notice mark="attention" title={words.quality.title} body={words.blocks} />}
      <Panel
        title={words.windows.title}
        note={words.windows.note(monitor.declared.windows?.every ?? '1h')}
        actions={
          search.window !== undefined && (
            <Link
              to="/p/$project/monitoring"
              params={{ project }}
              search={({ window: _window, column: _column, alert: _alert, ...rest }) => rest}
              className="text-link"
            >
              {words.windows.newest}
            </Link>
          )
        }
      >
        {windows.isSuccess && known.length === 0 ? (
          <p className="quiet">
            {words.none}. {words.noneBody}
          </p>
        ) : (
          <WindowStrip
            project={project}
            monitor={monitor.name}
            windows={known}
            chosen={chosen}
            onEarlier={windows.hasNextPage ? () => void windows.fetchNextPage() : undefined}
            isLoading={windows.isFetchingNextPage || windows.isPending}
          />
        )}
      </Panel>
      {detail.error && !detail.data && <Problem error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data && <WindowDetail project={project} monitor={monitor} window={detail.data} />}
      {detail.data && <PerformancePanel project={project} monitor={monitor} window={detail.data} />}
    </>
  );
};
