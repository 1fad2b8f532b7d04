import type { Pipeline, PipelineTrigger } from '@boucle/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { pipelinesKey, pipelinesQuery, runsQuery, triggersQuery } from './queries.ts';
import { RunStrip } from './run-strip.tsx';
import { StartRun } from './start-run.tsx';
import { TriggerList } from './trigger-list.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';
import '../../ui/facts.css';
import './pipelines.css';

const concerns = ({ type }: { type: string }): boolean => type.startsWith('pipeline_run.') || type === 'manifest.applied';

/** What runs when, what was reused, why did it fail? */
export const PipelinesPage = () => {
  const { t } = useI18n();
  const words = usePipelineWords();
  const { project } = useParams({ from: '/p/$project/pipelines' });
  const pipelines = useQuery(pipelinesQuery(project));
  const triggers = useQuery(triggersQuery(project));
  const live = useLiveProject({ project, concerns, keys: [pipelinesKey(project)] });
  return (
    <LivePage project={project} title={t.nav.pipelines} lead={words.question} query={pipelines} live={live}>
      {(items) =>
        items.length === 0 ? (
          <Empty icon="pipelines" title={words.empty.title} body={words.empty.body}>
            <div className="pipeline-example">
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <pre className="mono" tabIndex={0}>
                {words.example}
              </pre>
              {words.empty.next} <CopyText text="boucle apply" />
            </div>
          </Empty>
        ) : (
          <ul className="pipeline-cards plain-list" aria-label={words.list}>
            {items.map((pipeline) => (
              <li key={pipeline.name}>
                <PipelineCard
                  project={project}
                  pipeline={pipeline}
                  triggers={triggers.data?.items.filter((trigger) => trigger.pipeline === pipeline.name) ?? []}
                />
              </li>
            ))}
          </ul>
        )
      }
    </LivePage>
  );
};

interface PipelineCardProps {
  readonly project: string;
  readonly pipeline: Pipeline;
  readonly triggers: readonly PipelineTrigger[];
}
const PipelineCard = ({ project, pipeline, triggers }: PipelineCardProps) => {
  const words = usePipelineWords();
  const runs = useInfiniteQuery(runsQuery(project, pipeline.name));
  return (
    <section className="panel pipeline-card" aria-label={pipeline.name}>
      <header className="pipeline-head">
        <h2 className="pipeline-name">
          <Link to="/p/$project/pipelines/$pipeline" params={{ project, pipeline: pipeline.name }}>
            {pipeline.name}
          </Link>
        </h2>
        <span className="quiet num">{words.steps(pipeline.plan.steps.length)}</span>
        <span className="pipeline-act">
          <StartRun project={project} plan={pipeline.plan} />
        </span>
      </header>
      {runs.data && <RunStrip project={project} pipeline={pipeline.name} runs={runs.data.pages[0]?.items ?? []} />}
      <TriggerList project={project} triggers={triggers} />
    </section>
  );
};
