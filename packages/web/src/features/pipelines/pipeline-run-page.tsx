import type { PipelineRun } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { pipelineRunQuery } from '../../live/queries.ts';
import { useLiveProject } from '../../live/use-live-project.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { shortCell } from '../datasets/cell-text.ts';
import { stepRows } from '../overview/step-rows.ts';
import { CancelRun } from './cancel-run.tsx';
import { LogPanel } from './log-panel.tsx';
import { pipelinesKey, pipelinesQuery } from './queries.ts';
import { runMark } from './run-strip.tsx';
import { StartRun } from './start-run.tsx';
import { StepGraph } from './step-graph.tsx';
import { StepPanel } from './step-panel.tsx';
import { Timeline } from './timeline.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';
import '../../ui/facts.css';
import './pipelines.css';

/** Which step took the time, or failed? */
export const PipelineRunPage = () => {
  const { t } = useI18n();
  const words = usePipelineWords();
  const { project, pipelineRunId } = useParams({ from: '/p/$project/pipeline-runs/$pipelineRunId' });
  const query = pipelineRunQuery(project, pipelineRunId);
  const found = useQuery(query);
  const live = useLiveProject({
    project,
    concerns: ({ type, subject, data }) =>
      subject.id === pipelineRunId || (type.startsWith('step_run.') && data['pipelineRunId'] === pipelineRunId),
    keys: [query.queryKey, [...pipelinesKey(project), 'why']],
  });
  const run = found.data;
  return (
    <LivePage
      project={project}
      title={run ? words.run(run.pipeline, run.number) : t.nav.pipelines}
      lead={run ? <Lead run={run} /> : words.question}
      above={
        <p className="page-above">
          {run ? (
            <Link to="/p/$project/pipelines/$pipeline" params={{ project, pipeline: run.pipeline }} className="text-link">
              {run.pipeline}
            </Link>
          ) : (
            <Link to="/p/$project/pipelines" params={{ project }} className="text-link">
              {words.all}
            </Link>
          )}
        </p>
      }
      actions={run && (run.status === 'running' ? <CancelRun run={run} onDone={live.refresh} /> : <Again project={project} run={run} />)}
      query={found}
      live={live}
    >
      {(known) => <Loaded project={project} run={known} />}
    </LivePage>
  );
};

/** With the definition in force, for that is what runs. Where it is gone, there is nothing to start. */
const Again = ({ project, run }: { project: string; run: PipelineRun }) => {
  const { data } = useQuery(pipelinesQuery(project));
  const pipeline = data?.find(({ name }) => name === run.pipeline);
  return pipeline && <StartRun project={project} plan={pipeline.plan} like={run} />;
};

const Lead = ({ run }: { run: PipelineRun }) => {
  const { f } = useI18n();
  const words = usePipelineWords();
  const now = useNow(1000);
  const started = Date.parse(run.startedAt);
  const seconds = Math.max(0, (run.endedAt === null ? now : Date.parse(run.endedAt)) - started) / 1000;
  const cached = run.steps.filter(({ status }) => status === 'cached').length;
  const done = cached + run.steps.filter(({ status }) => status === 'succeeded').length;
  return (
    <span className="run-lead num">
      <span className="with-mark">
        <StatusMark mark={runMark[run.status]} size={14} />
        <strong>{words.status[run.status]}</strong>
      </span>
      <span>{run.endedAt === null ? words.lead.so(f.duration(seconds)) : words.lead.took(f.duration(seconds))}</span>
      <span>{words.lead.counts(done, run.plan.steps.length, cached)}</span>
      <span>{words.lead.by(run.startedBy, f.dayHour(started))}</span>
      <Link to="/p/$project/stories/$id" params={{ project: run.project, id: run.correlationId }} className="text-link">
        {words.lead.story}
      </Link>
      {run.runId !== null && (
        <Link to="/p/$project/runs/$runId" params={{ project: run.project, runId: run.runId }} className="text-link">
          {words.lead.run}
        </Link>
      )}
    </span>
  );
};

/** What a reader came for: the step in the address, else the one that failed, else the one that runs. */
const chosenIn = (run: PipelineRun, asked: string | undefined): string | undefined =>
  asked ??
  run.steps.find(({ status }) => status === 'failed' || status === 'lost')?.step ??
  run.steps.find(({ status }) => status === 'running')?.step;

const Loaded = ({ project, run }: { project: string; run: PipelineRun }) => {
  const words = usePipelineWords();
  const search = useSearch({ from: '/p/$project/pipeline-runs/$pipelineRunId' });
  const now = useNow(run.endedAt === null ? 1000 : 60_000);
  const chosen = chosenIn(run, search.step);
  const planned = run.plan.steps.find(({ id }) => id === chosen);
  const stepRun = run.steps.find(({ step }) => step === chosen);
  return (
    <div className="pipeline">
      <Panel title={words.graph.title} note={words.graph.note}>
        <StepGraph
          project={project}
          plan={run.plan}
          run={{
            id: run.id,
            statuses: new Map(run.steps.map(({ step, status }) => [step, status])),
            versions: Object.fromEntries(Object.entries(run.inputs).map(([name, { number }]) => [name, number])),
          }}
          chosen={chosen}
        />
        <Params run={run} />
      </Panel>
      <div className="pipeline-pair">
        <Timeline project={project} run={run} rows={stepRows(run, [])} chosen={chosen} now={now} />
        {planned ? (
          <StepPanel key={planned.id} project={project} run={run} planned={planned} stepRun={stepRun} />
        ) : (
          <Panel title={words.graph.title}>
            <p className="quiet">{chosen === undefined ? words.step.choose : words.step.missing(shortCell(chosen, 80))}</p>
          </Panel>
        )}
      </div>
      {planned && stepRun && <LogPanel key={stepRun.id} project={project} stepRun={stepRun} />}
    </div>
  );
};

const Params = ({ run: { params } }: { run: PipelineRun }) => {
  const { lead: words } = usePipelineWords();
  const entries = Object.entries(params);
  if (entries.length === 0) return null;
  return (
    <dl className="run-params" aria-label={words.params}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mono">
            <bdi>{shortCell(value, 160)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
};
