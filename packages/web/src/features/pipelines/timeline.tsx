import type { PipelineRun } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { secondsOf, spanOf, type StepRow } from '../overview/step-rows.ts';
import { stepMark } from '../overview/step-status.ts';
import '../overview/steps-panel.css';
import { usePipelineWords } from './use-pipeline-words.ts';

interface TimelineProps {
  readonly project: string;
  readonly run: PipelineRun;
  readonly rows: readonly StepRow[];
  readonly chosen: string | undefined;
  readonly now: number;
}
/** Each step where it lies in the time of its run; a click opens it. */
export const Timeline = ({ project, run, rows, chosen, now }: TimelineProps) => {
  const { t, f } = useI18n();
  const { timeline: words } = usePipelineWords();
  const startedAt = Date.parse(run.startedAt);
  const endedAt = run.endedAt === null ? now : Date.parse(run.endedAt);
  return (
    <Panel title={words.title} note={words.note}>
      <ol className="steps timeline" aria-label={t.steps.list}>
        {rows.map((row) => {
          const span = spanOf(row, startedAt, endedAt);
          const seconds = secondsOf(row, now);
          const style: CSSProperties = span
            ? { left: `min(${span.from * 100}%, 100% - 4px)`, width: `${(span.to - span.from) * 100}%` }
            : {};
          return (
            <li key={row.step} className={`step step-${row.status}${row.step === chosen ? ' timeline-chosen' : ''}`}>
              <StatusMark mark={stepMark(row.status)} size={15} />
              <Link
                to="/p/$project/pipeline-runs/$pipelineRunId"
                params={{ project, pipelineRunId: run.id }}
                search={{ step: row.step }}
                resetScroll={false}
                className="step-name clip timeline-link"
                title={words.open(row.step)}
                aria-current={row.step === chosen ? 'true' : undefined}
                activeProps={{}}
              >
                {row.step}
              </Link>
              <span className="step-state num clip">
                {row.status === 'running' && row.done !== null
                  ? row.total === null
                    ? t.loop.progressOpen(f.number(row.done))
                    : t.loop.progress(f.number(row.done), f.number(row.total))
                  : t.steps.status[row.status]}
              </span>
              <span className="step-time num">{seconds === undefined ? '' : f.duration(seconds)}</span>
              <span className="step-track" aria-hidden="true">
                {span && <span className="step-bar" style={style} />}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
};
