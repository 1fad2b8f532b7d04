import type { Run } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { PageHead } from '../../ui/panel.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Problem } from '../../ui/problem.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { CurvesPanel } from './curves-panel.tsx';
import { ComparedMetrics, ComparedParams } from './compared-table.tsx';
import { ParallelPanel } from './parallel-panel.tsx';
import { severalQuery } from './queries.ts';
import { differencesOf, numbersOf } from './run-differences.ts';
import { ScatterPanel } from './scatter-panel.tsx';
import type { RunComparisonSearch } from './runs-search.ts';
import { useRunsWords } from './use-runs-words.ts';
import '../../ui/facts.css';
import './runs.css';
import './run-page.css';
import './run-comparison.css';

/** So many curves are asked for at once. */
const most = 100;

/** What differs between runs, and does it matter? A snapshot: nothing moves while it is read. */
export const RunComparisonPage = () => {
  const { t } = useI18n();
  const words = useRunsWords();
  const { project } = useParams({ from: '/p/$project/runs/comparison' });
  const search = useSearch({ from: '/p/$project/runs/comparison' });
  const ids = useMemo(
    () => [...new Set((search.ids ?? '').split(',').filter((id) => /^[0-9a-f]{32}$/.test(id)))].slice(0, most),
    [search.ids],
  );
  const runs = useQuery(severalQuery(project, ids));
  usePageTitle(t.title(words.comparison.title, project));
  const isNone = ids.length === 0 || runs.data?.length === 0;
  return (
    <>
      <p className="page-above">
        <Link to="/p/$project/runs" params={{ project }} className="text-link">
          {words.comparison.back}
        </Link>
      </p>
      <PageHead title={words.comparison.title} lead={words.comparison.question(runs.data?.length ?? ids.length)} />
      {isNone && (
        <Empty icon="runs" title={words.comparison.none} body={words.comparison.noneBody}>
          <Link to="/p/$project/runs" params={{ project }} className="text-link">
            {words.comparison.toRuns}
          </Link>
        </Empty>
      )}
      {runs.error && !runs.data && <Problem error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data && runs.data.length > 0 && <Compared project={project} runs={runs.data} gone={ids.length - runs.data.length} />}
    </>
  );
};

const Compared = ({ project, runs, gone }: { project: string; runs: readonly Run[]; gone: number }) => {
  const words = useRunsWords();
  const search = useSearch({ from: '/p/$project/runs/comparison' });
  const navigate = useNavigate({ from: '/p/$project/runs/comparison' });
  const change = (next: { [key in keyof RunComparisonSearch]?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...next }) as RunComparisonSearch, replace: true, resetScroll: false });
  const metrics = useMemo(() => differencesOf(runs, 'metrics'), [runs]);
  const params = useMemo(() => differencesOf(runs, 'params'), [runs]);
  const numbers = useMemo(() => numbersOf(runs), [runs]);
  return (
    <div className="run-page">
      {gone > 0 && <Notice mark="attention" title={words.comparison.gone(gone)} body="" />}
      <ComparedParams
        project={project}
        runs={runs}
        rows={params}
        isWhole={search.equal === 'true'}
        onWhole={(isWhole) => change({ equal: isWhole ? 'true' : undefined })}
      />
      <ComparedMetrics project={project} runs={runs} rows={metrics} />
      <CurvesPanel project={project} runs={runs} keys={metrics.map(({ key }) => key)} search={search} onSearch={change} />
      <div className="run-pair">
        <ScatterPanel runs={runs} numbers={numbers} x={search.x} y={search.y} onChange={change} />
        <ParallelPanel runs={runs} numbers={numbers} />
      </div>
    </div>
  );
};
