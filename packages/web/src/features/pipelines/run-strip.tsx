import type { PipelineRun, PipelineRunSummary } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';

export const runMark: Readonly<Record<PipelineRun['status'], Mark>> = {
  running: 'running',
  succeeded: 'ok',
  failed: 'broken',
  cancelled: 'stopped',
};

/** The last runs as marks, oldest first: what it looks like when a pipeline begins to fail. */
export const RunStrip = ({ project, pipeline, runs }: { project: string; pipeline: string; runs: readonly PipelineRunSummary[] }) => {
  const { f } = useI18n();
  const words = usePipelineWords();
  if (runs.length === 0) return <span className="quiet">{words.never}</span>;
  return (
    <ul className="run-strip plain-list" aria-label={words.strip(pipeline)}>
      {runs.toReversed().map((run) => {
        const said = words.runSaid(run.number, words.status[run.status], `${f.dayHour(Date.parse(run.startedAt))} UTC`);
        return (
          <li key={run.id}>
            <Link
              to="/p/$project/pipeline-runs/$pipelineRunId"
              params={{ project, pipelineRunId: run.id }}
              className="run-mark"
              aria-label={said}
              title={said}
            >
              <StatusMark mark={runMark[run.status]} size={16} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
};
