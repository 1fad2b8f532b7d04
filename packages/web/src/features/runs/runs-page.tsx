import type { BoucleEvent, Experiment } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
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
import { countQuery, experimentsQuery, keysQuery, rowsQuery, runsNewsKey, wrongFilterIn } from './queries.ts';
import { runColumns } from './run-columns.tsx';
import { RunGrid } from './run-grid.tsx';
import { defaultColumns, orderOf, parseSort, type Sort, wantedOf, writeSort } from './run-key.ts';
import { linesOf, parentTag } from './run-lines.ts';
import type { RunsSearch } from './runs-search.ts';
import { RunsAbove } from './runs-above.tsx';
import { useRunRows } from './use-run-rows.ts';
import { useRunsWords } from './use-runs-words.ts';
import { ViewMenu } from './view-menu.tsx';
import '../../ui/dialog.css';
import './runs.css';

const concerns = ({ type }: BoucleEvent): boolean => type.startsWith('run.') || type.startsWith('experiment.');
/** A curve can be asked for of so many at once. */
const mostCompared = 100;

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
  const { q = '', experiments: chosen, group } = search;
  const sort = parseSort(search.sort);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const change = (next: { [key in keyof RunsSearch]?: string | undefined }, replace = false) =>
    void navigate({ search: (now) => ({ ...now, ...next }) as RunsSearch, replace });

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
  const asked = { q, experiments: chosen };
  const only = { ...wanted, tags: [...wanted.tags, parentTag] };
  const count = useQuery(countQuery(project, asked));
  const { rows, runs, took, fresh, showFresh, onEnd } = useRunRows({
    project,
    query: rowsQuery(project, { ...asked, orderBy: orderOf(sort, group), only }),
    only,
    isReady,
    count,
  });
  const lines = useMemo(() => linesOf(runs, group, (value) => closed.has(String(value))), [runs, group, closed]);
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
  return (
    <div className="runs">
      <div className="runs-tools">
        <ExperimentChooser
          experiments={experiments}
          chosen={chosen?.split(',') ?? []}
          onChange={(ids) => change({ experiments: ids.join(',') || undefined })}
        />
        <FilterBox
          project={project}
          applied={q}
          experiments={chosen}
          refused={wrong}
          onApply={(text) => change({ q: text || undefined }, true)}
        />
        <GroupChooser project={project} group={group} onChange={(key) => change({ group: key })} />
        <ColumnChooser project={project} shown={shown} onChange={(ids) => change({ columns: ids?.join(',') }, true)} />
        <ViewMenu project={project} search={search} />
      </div>
      <RunsAbove
        project={project}
        count={wrong ? undefined : count.data}
        took={wrong ? undefined : took}
        fresh={fresh}
        selected={selected}
        onFresh={showFresh}
        onUnselect={() => setSelected(new Set())}
      />
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
          onSort={(next: Sort) => change({ sort: writeSort(next) })}
          onSelect={onSelect}
          onOpen={onOpen}
          onToggle={onToggle}
          onEnd={onEnd}
        />
      )}
      {!rows.isPending && !rows.isPlaceholderData && runs.length === 0 && !rows.error && (
        <p className="runs-none">
          {words.noneFound}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => change({ q: undefined, experiments: undefined })}>
            {words.showAll}
          </Button>
        </p>
      )}
      {rows.isFetchNextPageError && (
        <p className="runs-none">
          {words.moreFailed}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => void rows.fetchNextPage()}>
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
