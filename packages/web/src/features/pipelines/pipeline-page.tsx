import type { Pipeline } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Backfill } from './backfill.tsx';
import { pipelinesKey, pipelinesQuery, runsQuery, triggersQuery } from './queries.ts';
import { runMark, RunStrip } from './run-strip.tsx';
import { StartRun } from './start-run.tsx';
import { StepGraph } from './step-graph.tsx';
import { TriggerList } from './trigger-list.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';
import '../../ui/facts.css';
import './pipelines.css';

/** One definition: its steps, what starts it, and how its runs went. */
export const PipelinePage = () => {
  const words = usePipelineWords();
  const { project, pipeline: name } = useParams({ from: '/p/$project/pipelines/$pipeline' });
  const pipelines = useQuery(pipelinesQuery(project));
  const live = useLiveProject({
    project,
    concerns: ({ type }) => type.startsWith('pipeline_run.') || type === 'manifest.applied',
    keys: [pipelinesKey(project)],
  });
  const pipeline = pipelines.data?.find((one) => one.name === name);
  return (
    <LivePage
      project={project}
      title={name}
      lead={words.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/pipelines" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      actions={
        pipeline && (
          <>
            <StartRun project={project} plan={pipeline.plan} />
            {pipeline.plan.on.some((trigger) => 'schedule' in trigger) && (
              <Backfill project={project} pipeline={name} onDone={live.refresh} />
            )}
          </>
        )
      }
      query={pipelines}
      live={live}
    >
      {() => (
        <div className="pipeline">
          {pipeline ? (
            <Defined project={project} pipeline={pipeline} />
          ) : (
            <Notice mark="attention" title={words.gone.title} body={words.gone.body} />
          )}
          <Runs project={project} pipeline={name} />
        </div>
      )}
    </LivePage>
  );
};

const Defined = ({ project, pipeline }: { project: string; pipeline: Pipeline }) => {
  const words = usePipelineWords();
  const triggers = useQuery(triggersQuery(project));
  return (
    <>
      <Panel title={words.graph.title} note={words.graph.note}>
        <StepGraph project={project} plan={pipeline.plan} />
      </Panel>
      <Panel title={words.triggers.title} note={words.triggers.note}>
        {triggers.data && (
          <TriggerList project={project} triggers={triggers.data.items.filter((trigger) => trigger.pipeline === pipeline.name)} />
        )}
      </Panel>
    </>
  );
};

const Runs = ({ project, pipeline }: { project: string; pipeline: string }) => {
  const { f } = useI18n();
  const words = usePipelineWords();
  const runs = useInfiniteQuery(runsQuery(project, pipeline));
  const now = useNow(5000);
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={words.runs.title}
      note={words.runs.note}
      actions={items.length > 0 && <RunStrip {...{ project, pipeline }} runs={items.slice(0, 24)} />}
    >
      {runs.isSuccess && items.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <table className="table num">
          <thead>
            <tr>
              <th scope="col">{words.runs.number}</th>
              <th scope="col">{words.runs.status}</th>
              <th scope="col">{words.runs.when}</th>
              <th scope="col">{words.runs.took}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((run) => {
              const [from, to] = [Date.parse(run.startedAt), run.endedAt === null ? now : Date.parse(run.endedAt)];
              return (
                <tr key={run.id}>
                  <th scope="row">
                    <Link to="/p/$project/pipeline-runs/$pipelineRunId" params={{ project, pipelineRunId: run.id }} className="text-link">
                      #{run.number}
                    </Link>
                  </th>
                  <td>
                    <span className="with-mark">
                      <StatusMark mark={runMark[run.status]} size={14} />
                      {words.status[run.status]}
                    </span>
                  </td>
                  <td>
                    <time dateTime={run.startedAt} title={f.moment(from)}>
                      {f.dayHour(from)} UTC
                    </time>
                  </td>
                  <td>{f.duration(Math.max(0, to - from) / 1000)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {runs.hasNextPage && (
        <Button variant="default" mt={10} loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {words.runs.more}
        </Button>
      )}
    </Panel>
  );
};
