import type { PipelineRun } from '@boucle/contract';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { shortCell } from './cell-text.ts';
import { type Uses, usesQuery } from './queries.ts';
import { useDataWords } from './use-data-words.ts';

/** From the rows forward: the runs that read them, their pipeline runs with the sides they were split into, and the models they made. */
export const UsesPanel = ({ project, digest }: { project: string; digest: string }) => {
  const { uses: words } = useDataWords();
  const uses = useQuery(usesQuery(project, digest));
  return (
    <Panel title={words.title} note={words.note}>
      {uses.error ? (
        <Problem error={uses.error} onRetry={() => void uses.refetch()} />
      ) : !uses.data ? (
        <Skeleton height={90} />
      ) : uses.data.runs.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <Used project={project} uses={uses.data} />
      )}
    </Panel>
  );
};

const marks: Readonly<Record<string, Mark>> = {
  running: 'running',
  finished: 'ok',
  succeeded: 'ok',
  failed: 'broken',
  killed: 'stopped',
  cancelled: 'stopped',
};

const Used = ({ project, uses: { runs, modelVersions, pipelineRuns, isAll } }: { project: string; uses: Uses }) => {
  const { f } = useI18n();
  const { uses: words } = useDataWords();
  return (
    <div className="uses">
      {modelVersions.length > 0 && (
        <section>
          <h3 className="changes-title">{words.models}</h3>
          <ul className="uses-list plain-list">
            {modelVersions.map(({ model, number }) => (
              <li key={`${model} ${number}`}>
                <Link to="/p/$project/models/$model/$number" params={{ project, model, number: String(number) }} className="text-link">
                  <bdi>{shortCell(model, 60)}</bdi> v{number}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {pipelineRuns.length > 0 && (
        <section>
          <h3 className="changes-title">{words.pipelineRuns}</h3>
          <ul className="uses-list plain-list">
            {pipelineRuns.map((run) => (
              <li key={run.id}>
                <StatusMark mark={marks[run.status] ?? 'idle'} size={13} />
                <Link to="/p/$project/pipeline-runs/$pipelineRunId" params={{ project, pipelineRunId: run.id }} className="text-link">
                  {run.pipeline} #{run.number}
                </Link>
                <Splits run={run} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3 className="changes-title">
          {words.runs} {!isAll && <span className="quiet">{words.newest(f.number(runs.length))}</span>}
        </h3>
        <ul className="uses-list plain-list">
          {runs.map((run) => (
            <li key={run.id}>
              <StatusMark mark={marks[run.status] ?? 'idle'} size={13} label={words.status[run.status] ?? run.status} />
              <Link to="/p/$project/runs/$runId" params={{ project, runId: run.id }} className="text-link">
                <bdi>{shortCell(run.name, 60)}</bdi>
              </Link>
              <span className="quiet num">{f.dayHour(Date.parse(run.startedAt))} UTC</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
};

/** What each splitting step made of its rows. */
const Splits = ({ run }: { run: PipelineRun }) => {
  const { f } = useI18n();
  const { uses: words } = useDataWords();
  const splitting = new Set(run.plan.steps.filter(({ step }) => step === 'split').map(({ id }) => id));
  const sides = run.steps.flatMap(({ step, outputs }) =>
    splitting.has(step)
      ? Object.entries(outputs).flatMap(([side, { rows }]) => (rows === undefined ? [] : [words.side(side, f.number(rows), rows)]))
      : [],
  );
  return sides.length > 0 && <span className="quiet num">{words.splits(sides.join(', '))}</span>;
};
