import type { BoucleEvent, Experiment } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { ExperimentChooser } from './experiment-chooser.tsx';
import { FilterBox } from './filter-box.tsx';
import { GroupChooser } from './group-chooser.tsx';
import { countQuery, experimentsQuery, keysQuery, rowsQuery, runsNewsKey, standingQuery, wrongFilterIn } from './queries.ts';
import { runColumns } from './run-columns.tsx';
import { RunGrid } from './run-grid.tsx';
import { defaultColumns, orderOf, parseSort, type Sort, wantedOf, writeSort } from './run-key.ts';
import { linesOf, parentTag } from './run-lines.ts';
import type { RunsSearch } from './runs-search.ts';
import { useFresh } from './use-fresh.ts';
import { useRunsWords } from './use-runs-words.ts';
import { ViewMenu } from './view-menu.tsx';
import '../../ui/dialog.css';
import './runs.css';

const concerns = ({ type }: BoucleEvent): boolean => type.startsWith('run.') || type.startsWith('experiment.');
/** A curve can be asked for of so many at once. */
const mostCompared = 100;
const mostStanding = 200;

/** Which run is best, and under which conditions? */
export const RunsPage = () => {
  const { t } = useI18n();
  const words = useRunsWords();
  const { project } = useParams({ from: '/p/$project/runs' });
  const query = experimentsQuery(project);
  const experiments = useQuery(query);
  const live = useLiveProject({ project, concerns, keys: [runsNewsKey(project), query.queryKey] });
  return (
    <LivePage project={project} title={t.nav.runs} lead={words.question} query={experiments} live={live}>
      {({ items }) => <Runs project={project} experiments={items} />}
    </LivePage>
  );
};

const Runs = ({ project, experiments }: { project: string; experiments: readonly Experiment[] }) => {
  const { f } = useI18n();
  const words = useRunsWords();
  const search = useSearch({ from: '/p/$project/runs' });
  const navigate = useNavigate({ from: '/p/$project/runs' });
  const router = useRouter();
  const queries = useQueryClient();
  const { q = '', experiments: chosen, group } = search;
  const sort = parseSort(search.sort);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const change = (next: RunsSearch, replace = false) => void navigate({ search: (now) => ({ ...now, ...next }), replace });

  const metrics = useQuery(keysQuery(project, 'metrics'));
  const params = useQuery(keysQuery(project, 'params'));
  // Until the keys are known there is no telling what to ask for.
  const isReady = search.columns !== undefined || (!metrics.isPending && !params.isPending);
  const shown = useMemo(
    () =>
      search.columns?.split(',') ??
      defaultColumns(metrics.data?.items.map(({ key }) => key) ?? [], params.data?.items.map(({ key }) => key) ?? []),
    [search.columns, metrics.data, params.data],
  );
  const columns = useMemo(() => runColumns(shown, { words, f, experiments }), [shown, words, f, experiments]);
  const wanted = wantedOf(shown, group);
  const only = { ...wanted, tags: [...wanted.tags, parentTag] };
  const asked = { q, experiments: chosen };
  const query = rowsQuery(project, { ...asked, orderBy: orderOf(sort, group), only });
  const rows = useInfiniteQuery({ ...query, enabled: isReady });
  const count = useQuery(countQuery(project, asked));
  const { pages } = rows.data ?? {};

  const read = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const running = read.filter(({ status }) => status === 'running' || status === 'scheduled').slice(0, mostStanding);
  const standing = useQuery(
    standingQuery(
      project,
      running.map(({ id }) => id),
      only,
    ),
  );
  const runs = useMemo(() => {
    const now = new Map(standing.data?.items.map((run) => [run.id, run]));
    return now.size === 0 ? read : read.map((run) => now.get(run.id) ?? run);
  }, [read, standing.data]);
  const lines = useMemo(() => linesOf(runs, group, (value) => closed.has(String(value))), [runs, group, closed]);

  const fresh = useFresh(
    query.queryKey,
    rows.isPlaceholderData ? undefined : pages?.[0]?.at,
    count.isPlaceholderData ? undefined : count.data?.found,
  );
  const showFresh = async () => {
    queries.setQueryData(query.queryKey, (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
    await rows.refetch();
  };
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage } = rows;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage]);
  const onSelect = useCallback((id: string) => {
    setSelected((now) => {
      const next = new Set(now);
      if (!next.delete(id) && next.size < mostCompared) next.add(id);
      return next;
    });
  }, []);
  const onOpen = useCallback(
    (runId: string) => void router.navigate({ to: '/p/$project/runs/$runId', params: { project, runId } }),
    [router, project],
  );
  const hrefOf = useCallback((id: string) => `/p/${encodeURIComponent(project)}/runs/${id}`, [project]);
  const onToggle = useCallback((value: string | undefined) => {
    setClosed((now) => {
      const next = new Set(now);
      if (!next.delete(String(value))) next.add(String(value));
      return next;
    });
  }, []);

  const wrong = wrongFilterIn(rows.error);
  if (count.data?.all === 0 && q === '' && chosen === undefined) return <NoRuns />;
  const took = pages?.[0]?.milliseconds;
  return (
    <div className="runs">
      <div className="runs-tools">
        <ExperimentChooser
          experiments={experiments}
          chosen={chosen?.split(',') ?? []}
          onChange={(ids) => change({ experiments: ids.join(',') || undefined } as RunsSearch)}
        />
        <FilterBox
          project={project}
          applied={q}
          experiments={chosen}
          refused={wrong}
          onApply={(text) => change({ q: text || undefined } as RunsSearch, true)}
        />
        <GroupChooser project={project} group={group} onChange={(key) => change({ group: key } as RunsSearch)} />
        <ColumnChooser project={project} shown={shown} onChange={(ids) => change({ columns: ids?.join(',') } as RunsSearch, true)} />
        <ViewMenu project={project} search={search} />
      </div>
      <div className="runs-above num">
        <span role="status">
          {count.data && !wrong && words.count(f.number(count.data.found), f.number(count.data.all), count.data.all)}
          {took !== undefined && !wrong && <span className="quiet">{words.took(f.duration(took / 1000))}</span>}
        </span>
        {fresh > 0 && (
          <Button variant="light" size="compact-xs" onClick={() => void showFresh()}>
            {words.fresh(f.number(fresh))}
          </Button>
        )}
        <span className="runs-selection">
          {selected.size > 0 && (
            <>
              <span>{words.selected(selected.size)}</span>
              <Button variant="subtle" size="compact-xs" onClick={() => setSelected(new Set())}>
                {words.unselect}
              </Button>
            </>
          )}
          {selected.size > 1 && (
            <Link to="/p/$project/runs/comparison" params={{ project }} search={{ ids: [...selected].join(',') }} className="runs-compare">
              {words.compare(selected.size)}
            </Link>
          )}
          {selected.size === 1 && <span className="quiet">{words.oneMore}</span>}
        </span>
      </div>
      {rows.error && !wrong && !rows.data ? (
        <Problem error={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <RunGrid
          lines={wrong ? [] : lines}
          all={count.data?.found}
          columns={columns}
          sort={sort}
          selected={selected}
          isStale={rows.isPlaceholderData || rows.isPending}
          words={words}
          hrefOf={hrefOf}
          onSort={(next: Sort) => change({ sort: writeSort(next) } as RunsSearch)}
          onSelect={onSelect}
          onOpen={onOpen}
          onToggle={onToggle}
          onEnd={onEnd}
        />
      )}
      {!rows.isPending && !rows.isPlaceholderData && runs.length === 0 && !rows.error && (
        <p className="runs-none">
          {words.noneFound}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => change({ q: undefined, experiments: undefined } as never)}>
            {words.showAll}
          </Button>
        </p>
      )}
      {isFetchNextPageError && (
        <p className="runs-none">
          {words.moreFailed}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => void fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      )}
    </div>
  );
};

const NoRuns = () => {
  const words = useRunsWords();
  const lines = [
    `export MLFLOW_TRACKING_URI=${location.origin}`,
    `python -c "import mlflow; mlflow.log_metric('f1', 0.87)"`,
    `import { createClient } from '@boucle/sdk'`,
  ];
  return (
    <Empty icon="runs" title={words.empty.title} body={words.empty.body}>
      <ul className="plain-list runs-start">
        {lines.map((line) => (
          <li key={line}>
            <CopyText text={line} />
          </li>
        ))}
      </ul>
    </Empty>
  );
};
