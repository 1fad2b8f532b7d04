import type { PipelineRun } from '@boucle/contract';
import type { CSSProperties } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortId } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { stepMark } from './step-status.ts';
import { secondsOf, spanOf, type StepRow } from './step-rows.ts';
import './steps-panel.css';

/** Each step where it lies in the time of its pipeline run: which one took the time, which came from the cache, which failed. */
export const StepsPanel = ({ run, rows, now }: { run: PipelineRun; rows: readonly StepRow[]; now: number }) => {
  const { t } = useI18n();
  const startedAt = Date.parse(run.startedAt);
  const endedAt = run.endedAt === null ? now : Date.parse(run.endedAt);
  const cached = rows.filter(({ status }) => status === 'cached').length;
  const done = cached + rows.filter(({ status }) => status === 'succeeded').length;
  return (
    <Panel
      title={t.steps.title(run.pipeline, run.number)}
      note={t.steps.summary(done, rows.length, cached)}
      actions={<CopyText text={run.id} shown={shortId(run.id)} label={t.steps.id} />}
    >
      <ol className="steps" aria-label={t.steps.list}>
        {rows.map((row) => (
          <Step key={row.step} row={row} startedAt={startedAt} endedAt={endedAt} now={now} />
        ))}
      </ol>
    </Panel>
  );
};

const Step = ({ row, startedAt, endedAt, now }: { row: StepRow; startedAt: number; endedAt: number; now: number }) => {
  const { t, f } = useI18n();
  const span = spanOf(row, startedAt, endedAt);
  const seconds = secondsOf(row, now);
  const style: CSSProperties = span ? { left: `min(${span.from * 100}%, 100% - 4px)`, width: `${(span.to - span.from) * 100}%` } : {};
  const share = row.status === 'running' && row.done !== null && row.total ? Math.min(1, row.done / row.total) : undefined;
  return (
    <li className={`step step-${row.status}`}>
      <StatusMark mark={stepMark(row.status)} size={15} />
      <span className="step-name clip" title={row.step}>
        {row.step}
      </span>
      <span className="step-state num clip">{stateText(row, t, f)}</span>
      <span className="step-time num">{seconds === undefined ? '' : f.duration(seconds)}</span>
      <span className="step-track" aria-hidden="true">
        {span && (
          <span className="step-bar" style={style}>
            {share !== undefined && <span className="step-share" style={{ width: `${share * 100}%` }} />}
          </span>
        )}
      </span>
      {/* A step that never began has nothing of its own to say. */}
      {row.message !== null && row.status !== 'cancelled' && (
        <p className="step-message">
          {row.message}
          {row.where !== null && <span className="mono"> {t.steps.where(row.where)}</span>}
        </p>
      )}
    </li>
  );
};

const stateText = (
  { status, attempt, done, total }: StepRow,
  t: ReturnType<typeof useI18n>['t'],
  f: ReturnType<typeof useI18n>['f'],
): string => {
  const progress =
    done === null ? undefined : total === null ? t.loop.progressOpen(f.number(done)) : t.loop.progress(f.number(done), f.number(total));
  const word = status === 'running' && progress ? progress : t.steps.status[status];
  return attempt > 1 ? `${word}, ${t.steps.attempt(attempt)}` : word;
};
