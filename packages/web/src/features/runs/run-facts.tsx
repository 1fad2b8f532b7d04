import type { Run } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest, shortId } from '../../ui/shorten.ts';
import { useNow } from '../../ui/use-now.ts';
import { childrenQuery, experimentsQuery, stepRunQuery } from './queries.ts';
import { parentOf } from './run-lines.ts';
import { useRunsWords } from './use-runs-words.ts';

export const RunFacts = ({ project, run }: { project: string; run: Run }) => {
  const { f } = useI18n();
  const words = useRunsWords().run;
  const experiments = useQuery(experimentsQuery(project));
  const children = useQuery(childrenQuery(project, run.id));
  const parent = parentOf(run);
  const experiment = experiments.data?.items.find(({ id }) => id === run.experimentId)?.name ?? run.experimentId;
  const facts: [string, ReactNode][] = [
    [words.started, f.moment(Date.parse(run.startedAt))],
    ...(run.endedAt === null ? [] : [[words.ended, f.moment(Date.parse(run.endedAt))] as [string, ReactNode]]),
    [words.duration, <Duration key="duration" run={run} />],
    [
      words.experiment,
      <Link
        key="experiment"
        to="/p/$project/runs"
        params={{ project }}
        search={{ experiments: run.experimentId }}
        className="text-link run-name-long"
        dir="auto"
      >
        {experiment}
      </Link>,
    ],
    [words.id, <CopyText key="id" text={run.id} shown={shortId(run.id)} label={words.id} />],
    [
      words.story,
      <Link key="story" to="/p/$project/stories/$id" params={{ project, id: run.correlationId }} className="text-link">
        {words.storyLink}
      </Link>,
    ],
    ...optional(words.user, run.userId),
    ...optional(words.parent, parent && <RunLink key="parent" project={project} id={parent} />),
    ...optional(words.step, run.stepRunId && <StepLink key="step" project={project} stepRunId={run.stepRunId} />),
    ...optional(
      words.commit,
      run.commit && <CopyText key="commit" text={run.commit} shown={run.commit.slice(0, 10)} label={words.commit} />,
    ),
    ...optional(
      words.changes,
      run.changes && <CopyText key="changes" text={run.changes} shown={shortDigest(run.changes)} label={words.changes} />,
    ),
    ...optional(words.seed, run.seed),
    ...optional(
      words.machine,
      run.environment && `${run.environment.platform} ${run.environment.architecture}, Node ${run.environment.node}`,
    ),
  ];
  const under = children.data?.items ?? [];
  return (
    <Panel title={words.facts}>
      <Facts of={facts} className="facts num run-facts" />
      {under.length > 0 && (
        <>
          <h3 className="run-subtitle">{words.children}</h3>
          <ul className="plain-list run-children">
            {under.map(({ id, name }) => (
              <li key={id}>
                <RunLink project={project} id={id} name={name.slice(0, 120)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
};

const optional = (name: string, said: ReactNode): [string, ReactNode][] =>
  said === null || said === undefined || said === '' ? [] : [[name, said]];

const RunLink = ({ project, id, name = shortId(id) }: { project: string; id: string; name?: string }) => (
  <Link to="/p/$project/runs/$runId" params={{ project, runId: id }} className="text-link run-name-long" dir="auto">
    {name}
  </Link>
);

/** The step by its name once that is known, at the pipeline run that shows it. */
const StepLink = ({ project, stepRunId }: { project: string; stepRunId: string }) => {
  const { data } = useQuery(stepRunQuery(project, stepRunId));
  if (!data) return <span className="mono">{shortId(stepRunId)}</span>;
  return (
    <a href={`/p/${encodeURIComponent(project)}/pipeline-runs/${data.pipelineRunId}`} className="text-link">
      {data.step}
    </a>
  );
};

/** Grows while the run goes on. */
const Duration = ({ run: { startedAt, endedAt } }: { run: Run }) => {
  const { f } = useI18n();
  const now = useNow(1000);
  return f.duration(Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000);
};
