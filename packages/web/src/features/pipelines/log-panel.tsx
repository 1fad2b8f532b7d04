import type { StepRun } from '@boucle/contract';
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { firstError, linesOf } from './log-lines.ts';
import { usePipelineWords } from './use-pipeline-words.ts';
import { useStepLog } from './use-step-log.ts';

const lineHeight = 19;
const overscan = 20;
const over = new Set<StepRun['status']>(['succeeded', 'cached', 'failed', 'cancelled', 'lost']);

/** What a step printed: at its first error where it failed, else at the newest line for as long as the reader stays there. */
export const LogPanel = ({ project, stepRun }: { project: string; stepRun: StepRun }) => {
  const words = usePipelineWords();
  const [attempt, setAttempt] = useState<number>();
  const shown = Math.min(attempt ?? stepRun.attempt, stepRun.attempt);
  if (stepRun.status === 'cached' || stepRun.attempt < 1)
    return (
      <Panel title={words.log.title}>
        <p className="quiet">{stepRun.status === 'cached' ? words.log.cached : words.log.waiting}</p>
      </Panel>
    );
  return (
    <Log
      key={shown}
      project={project}
      stepRun={stepRun}
      attempt={shown}
      choice={
        stepRun.attempt > 1 && (
          <label className="choice">
            {words.log.attempt}
            <select value={shown} onChange={(event) => setAttempt(Number(event.currentTarget.value))}>
              {Array.from({ length: stepRun.attempt }, (_, i) => (
                <option key={i + 1} value={i + 1}>
                  {i + 1}
                </option>
              ))}
            </select>
          </label>
        )
      }
    />
  );
};

interface LogProps {
  readonly project: string;
  readonly stepRun: StepRun;
  readonly attempt: number;
  readonly choice: ReactNode;
}
const Log = ({ project, stepRun, attempt, choice }: LogProps) => {
  const { f } = useI18n();
  const { log: words } = usePipelineWords();
  const isOver = over.has(stepRun.status) || attempt < stepRun.attempt;
  const log = useStepLog({ project, stepRunId: stepRun.id, attempt, isOver });
  const lines = useMemo(() => linesOf(log.text), [log.text]);
  const hasFailed = stepRun.status === 'failed' || stepRun.status === 'lost' || attempt < stepRun.attempt;
  const error = useMemo(() => (hasFailed ? firstError(lines) : undefined), [hasFailed, lines]);
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const wasShown = useRef(false);
  const [view, setView] = useState({ top: 0, height: 360 });
  const goTo = (line: number) => {
    follows.current = false;
    if (box.current) box.current.scrollTop = Math.max(0, (line - 4) * lineHeight);
  };
  useEffect(() => {
    if (error !== undefined && !wasShown.current) {
      wasShown.current = true;
      goTo(error);
    } else if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [error, lines]);
  const first = Math.max(0, Math.floor(view.top / lineHeight) - overscan);
  const last = Math.min(lines.length, Math.ceil((view.top + view.height) / lineHeight) + overscan);
  return (
    <Panel
      title={words.title}
      note={<span className="num">{words.lines(f.number(lines.length), lines.length)}</span>}
      actions={
        <>
          {choice}
          {error !== undefined && (
            <Button variant="default" onClick={() => goTo(error)}>
              {words.toError}
            </Button>
          )}
          {lines.length > 0 && (
            <Button variant="default" onClick={() => goTo(lines.length)}>
              {words.toEnd}
            </Button>
          )}
        </>
      }
    >
      {log.error && <p className="quiet">{words.failed}</p>}
      {log.isCut && <p className="quiet">{words.cut}</p>}
      {lines.length === 0 ? (
        <p className="quiet">{isOver && log.isWhole ? words.empty : words.waiting}</p>
      ) : (
        <div
          ref={box}
          className="log mono"
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="region"
          aria-label={words.region}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            follows.current = scrollHeight - scrollTop - clientHeight < 40;
            setView({ top: scrollTop, height: clientHeight });
          }}
        >
          <div style={{ height: lines.length * lineHeight }}>
            <div className="log-lines" style={{ transform: `translateY(${first * lineHeight}px)` }}>
              {lines.slice(first, last).map((line, i) => (
                <div key={first + i} className={first + i === error ? 'log-line log-error' : 'log-line'}>
                  <span className="log-number" aria-hidden="true">
                    {first + i + 1}
                  </span>
                  <bdi>{line || ' '}</bdi>
                </div>
              ))}
            </div>
          </div>
        </div>
      )}
    </Panel>
  );
};
