import type { BoucleEvent, Run } from '@boucle/contract';
import { isSystemMetric } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { Notice } from '../../ui/notice.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { ArtifactsPanel } from './artifacts-panel.tsx';
import { CurvesPanel } from './curves-panel.tsx';
import { runQuery } from './queries.ts';
import { RunFacts } from './run-facts.tsx';
import type { RunSearch } from './runs-search.ts';
import { runMarks } from './run-status.ts';
import { DataPanel, ModelsPanel, TextsPanel } from './run-panels.tsx';
import { useRunsWords } from './use-runs-words.ts';
import '../../ui/facts.css';
import './runs.css';
import './run-page.css';

/** What happened in this run? */
export const RunPage = () => {
  const words = useRunsWords();
  const { project, runId } = useParams({ from: '/p/$project/runs/$runId' });
  const query = runQuery(project, runId);
  const run = useQuery(query);
  const concerns = ({ type, subject }: BoucleEvent): boolean => type.startsWith('run.') && subject.id === runId;
  const live = useLiveProject({ project, concerns, keys: [query.queryKey] });
  return (
    <LivePage
      project={project}
      title={run.data ? shortened(run.data.name) : words.run.back}
      lead={run.data ? <Lead run={run.data} /> : words.run.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/runs" params={{ project }} className="text-link">
            {words.run.back}
          </Link>
        </p>
      }
      query={run}
      live={live}
    >
      {(found) => <Loaded project={project} run={found} />}
    </LivePage>
  );
};

const shortened = (name: string): string => (name.length > 200 ? `${name.slice(0, 200)}…` : name);

const Lead = ({ run: { status } }: { run: Run }) => {
  const words = useRunsWords();
  return (
    <span className="run-lead">
      <StatusMark mark={runMarks[status]} size={14} /> <strong>{words.status[status]}</strong> {words.run.question}
    </span>
  );
};

const Loaded = ({ project, run }: { project: string; run: Run }) => {
  const { f } = useI18n();
  const words = useRunsWords();
  const search = useSearch({ from: '/p/$project/runs/$runId' });
  const navigate = useNavigate({ from: '/p/$project/runs/$runId' });
  const [isSystem, setSystem] = useState(false);
  const change = (next: { [key in keyof RunSearch]?: string | undefined }, replace = true) =>
    void navigate({ search: (now) => ({ ...now, ...next }) as RunSearch, replace, resetScroll: false });
  const keys = Object.keys(run.metrics).sort();
  const [own, system] = [keys.filter((key) => !isSystemMetric(key)), keys.filter(isSystemMetric)];
  const runs = [run];
  return (
    <div className="run-page">
      {run.deletedAt !== null && <Notice mark="attention" title={words.run.deleted(f.moment(Date.parse(run.deletedAt)))} body="" />}
      <div className="run-pair">
        <RunFacts project={project} run={run} />
        <TextsPanel
          title={words.run.metrics}
          texts={Object.fromEntries(own.map((key) => [key, run.metrics[key]!]))}
          none={words.curves.noneYet}
          isNumeric
        />
      </div>
      <CurvesPanel project={project} runs={runs} keys={own} search={search} onSearch={change} />
      <div className="run-pair">
        <TextsPanel title={words.run.params} texts={run.params} none={words.run.noParams} />
        <TextsPanel title={words.run.tags} texts={run.tags} none={words.run.noTags} />
      </div>
      <div className="run-pair">
        <DataPanel project={project} run={run} />
        <ModelsPanel project={project} run={run} />
      </div>
      <ArtifactsPanel project={project} runId={run.id} search={search} onSearch={(next) => change(next, false)} />
      {system.length > 0 && (
        <details className="run-system" onToggle={(event) => setSystem(event.currentTarget.open)}>
          <summary>
            <strong>{words.run.system}</strong> <span className="quiet">{words.run.systemNote}</span>
          </summary>
          {isSystem && (
            <CurvesPanel project={project} runs={runs} keys={system} search={search} onSearch={change} title={words.run.system} />
          )}
        </details>
      )}
    </div>
  );
};
